import { createHash, createPrivateKey, randomBytes } from 'node:crypto';
import type { MqttAccess, Session } from '@watchpost/contracts/api';
import { topicLevelPattern } from '@watchpost/contracts/wire';
import { SignJWT } from 'jose/jwt/sign';
import type { EndedSessions } from './ended-sessions.ts';
import { officerTokenPolicy } from './policy.ts';
import { sessionIdOf } from './session-id.ts';

/** Signs tokens for officers’ apps. The broker’s `tokens.keys` names its public part, for `officer` alone. */
export interface OfficerTokenOptions {
  /** The `iss` that the broker expects; default `watchpost`. */
  readonly issuer?: string;
  /** JSON Web Key (RFC 8037). Secret. */
  readonly key: {
    readonly kty: 'OKP';
    readonly crv: 'Ed25519';
    readonly x: string;
    readonly d: string;
    readonly kid: string;
  };
  /** Tells the broker of sessions that ended; without it a token ends when it expires. */
  readonly ended?: EndedSessions | undefined;
}

/**
 * A token for the broker of `site`, good for a while ({@link officerTokenPolicy}) and never longer than the
 * session.
 */
export async function issueOfficerToken(
  { key: { kid, ...jwk }, issuer = 'watchpost' }: OfficerTokenOptions,
  { user, expires, hash }: Session & { readonly hash: string },
  site: string,
  nowMs: number,
): Promise<MqttAccess> {
  const iat = Math.floor(nowMs / 1000);
  const exp = Math.min(iat + officerTokenPolicy.lifeSeconds, Math.floor(Date.parse(expires) / 1000));
  const token = await new SignJWT({ kind: 'officer', sid: sessionIdOf(hash) })
    .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'wp+jwt' })
    .setIssuer(issuer)
    .setSubject(subjectOf(user))
    .setAudience(`watchpost:${site}`)
    .setIssuedAt(iat)
    .setNotBefore(iat)
    .setExpirationTime(exp)
    .setJti(randomBytes(16).toString('base64url'))
    .sign(createPrivateKey({ key: jwk, format: 'jwk' }));
  return { username: 'token', password: token, expires: new Date(exp * 1000).toISOString() };
}

/** Names of people may hold more than a subject may; then a digest stands for them. */
function subjectOf(user: string): string {
  return topicLevelPattern.test(user) ? user : createHash('sha256').update(user).digest('base64url');
}
