import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Scope } from '@watchpost/contracts/wire';
import { SignJWT } from 'jose/jwt/sign';
import type { z } from 'zod';
import { audienceOf, type TokenKind } from './token-claims.ts';
import type { tokenKeySchema } from './token-config.ts';
import { tokenType } from './token-verifier.ts';

/** A key that signs tokens: JSON Web Key (RFC 8037). Secret. */
export interface TokenSigningKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly d: string;
  readonly kid: string;
  readonly kinds?: readonly TokenKind[] | undefined;
}

/** What the broker’s configuration gets of it: `tokens.keys[]`. */
export type PublicTokenKey = z.input<typeof tokenKeySchema>;

export function publicTokenKey({ kty, crv, x, kid, kinds }: TokenSigningKey): PublicTokenKey {
  return { kty, crv, x, kid, ...(kinds ? { kinds: [...kinds] } : {}) };
}

/** A new key. `kid` is random when absent. */
export function newTokenKey(options: {
  readonly kid?: string | undefined;
  readonly kinds?: readonly TokenKind[] | undefined;
}): TokenSigningKey {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const { kid = randomBytes(8).toString('hex'), kinds } = options;
  return { kty: 'OKP', crv: 'Ed25519', x, d, kid, ...(kinds ? { kinds } : {}) };
}

export interface TokenOrder {
  readonly site: string;
  readonly issuer: string;
  readonly kind: TokenKind;
  readonly subject: string;
  readonly lifeSeconds: number;
  readonly scope?: Scope | undefined;
}

/** A signed token, good from `nowMs` on. */
export function issueToken(order: TokenOrder, key: TokenSigningKey, nowMs: number): Promise<string> {
  const { site, issuer, kind, subject, lifeSeconds, scope } = order;
  const { kty, crv, x, d, kid } = key;
  const iat = Math.floor(nowMs / 1000);
  return new SignJWT({ kind, ...(scope ? { scope: { ...scope } } : {}) })
    .setProtectedHeader({ alg: 'EdDSA', kid, typ: tokenType })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience(audienceOf(site))
    .setIssuedAt(iat)
    .setNotBefore(iat)
    .setExpirationTime(iat + lifeSeconds)
    .setJti(randomBytes(16).toString('base64url'))
    .sign(createPrivateKey({ key: { kty, crv, x, d }, format: 'jwk' }));
}
