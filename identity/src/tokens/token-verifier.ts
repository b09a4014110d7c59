import { createPublicKey } from 'node:crypto';
import * as errors from 'jose/errors';
import { jwtVerify } from 'jose/jwt/verify';
import type { Authenticated } from '../credential.ts';
import { maxTokenBytes } from '../policy.ts';
import { judgeClaims, type TokenFault, tokenClaimsSchema } from './token-claims.ts';
import type { TokensConfig } from './token-config.ts';

/**
 * Explicit type of the header (RFC 8725 §3.11), so that no other JWT of the same issuer passes for one of
 * ours.
 */
export const tokenType = 'wp+jwt';

/**
 * Base64url as RFC 7515 §2 wants it: nothing but its alphabet, and the bits that the last character leaves
 * open are zero.
 */
const part = '(?:[\\w-]{4})*(?:[\\w-][AQgw]|[\\w-]{2}[AEIMQUYcgkosw048])?';
const compactForm = new RegExp(`^${part}\\.${part}\\.${part}$`);

class UnknownKey extends Error {}

/** Checks signed tokens against the keys of the configuration. */
export class TokenVerifier {
  readonly #config: TokensConfig;
  readonly #keys: ReadonlyMap<
    string,
    { readonly config: TokensConfig['keys'][number]; readonly key: object }
  >;

  constructor(config: TokensConfig) {
    this.#config = config;
    this.#keys = new Map(
      config.keys.map((entry) => {
        const { kty, crv, x, kid } = entry;
        return [kid, { config: entry, key: createPublicKey({ key: { kty, crv, x }, format: 'jwk' }) }];
      }),
    );
  }

  /** Who comes with this token at `nowMs`, or why nobody does. Never throws. */
  async verify(token: Uint8Array, nowMs: number): Promise<Authenticated | { readonly fault: TokenFault }> {
    if (token.byteLength > maxTokenBytes) return { fault: 'size' };
    // jose's decoder skips white space, so that one token would have many spellings
    const text = Buffer.from(token.buffer, token.byteOffset, token.byteLength).toString('latin1');
    if (!compactForm.test(text)) return { fault: 'malformed' };
    try {
      const { payload, protectedHeader } = await jwtVerify(
        text,
        ({ kid }) => {
          const known = this.#keyNow(kid, nowMs);
          if (!known) throw new UnknownKey();
          return known.key as never;
        },
        // times are judged below, because `exp` gets no leeway
        { algorithms: ['EdDSA'], typ: tokenType, currentDate: new Date(nowMs), clockTolerance: 300 },
      );
      return this.#judge(payload, protectedHeader.kid ?? '', nowMs);
    } catch (error) {
      return { fault: faultOf(error) };
    }
  }

  /** Whether a key that signed an accepted token is still in use for this site, and still the same. */
  stillUses(kid: string, publicKey: string, site: string, nowMs: number): boolean {
    const config = this.#keyNow(kid, nowMs)?.config;
    return config?.x === publicKey && sitesOf(config, this.#config).includes(site);
  }

  #keyNow(kid: string | undefined, nowMs: number) {
    const known = kid === undefined ? undefined : this.#keys.get(kid);
    if (!known) return undefined;
    const { from, until } = known.config;
    if (from !== undefined && nowMs < Date.parse(from)) return undefined;
    return until !== undefined && nowMs >= Date.parse(until) ? undefined : known;
  }

  #judge(payload: unknown, kid: string, nowMs: number): Authenticated | { readonly fault: TokenFault } {
    const parsed = tokenClaimsSchema.safeParse(payload);
    const key = this.#keys.get(kid)?.config;
    if (!parsed.success || !key) return { fault: 'claims' };
    const claims = parsed.data;
    const judged = judgeClaims(
      claims,
      { ...this.#config, site: sitesOf(key, this.#config), kinds: key.kinds },
      Math.floor(nowMs / 1000),
    );
    if ('fault' in judged) return judged;
    const credential = {
      type: 'token',
      id: claims.jti,
      subject: claims.sub,
      key: kid,
      publicKey: key.x,
      session: claims.sid,
      issuedAtMs: claims.iat * 1000,
      expiresAtMs: claims.exp * 1000,
    } as const;
    return { principal: judged.principal, credential };
  }
}

/** Never more than the configuration’s own. */
const sitesOf = ({ sites }: TokensConfig['keys'][number], { site }: TokensConfig): readonly string[] =>
  sites === undefined ? site : site.filter((one) => sites.includes(one));

function faultOf(error: unknown): TokenFault {
  if (error instanceof UnknownKey) return 'unknown_key';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'typ') return 'type';
    return error.claim === 'nbf' ? 'not_yet_valid' : 'claims';
  }
  return 'malformed';
}
