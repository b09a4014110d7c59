import {
  isTopicFilter,
  type Principal,
  reservedGatewayIds,
  type Scope,
  topicLevelPattern,
} from '@watchpost/contracts/wire';
import { z } from 'zod';

/** Who may come with a token: everybody but the demo’s clients. */
export const tokenKinds = ['gateway', 'alerting', 'integrator', 'officer'] as const;
export type TokenKind = (typeof tokenKinds)[number];

const level = z.string().regex(topicLevelPattern, 'expected 1–64 of A–Z a–z 0–9 _ -');
const seconds = z.number().int().min(0).max(1e11);
const filters = z.array(z.string().max(256).refine(isTopicFilter, 'expected a topic filter')).max(32);

/** What a token narrows; see {@link Scope}. */
export const scopeSchema = z
  .strictObject({ publish: filters.optional(), subscribe: filters.optional() })
  .transform(
    ({ publish, subscribe }): Scope => ({
      ...(publish ? { publish } : {}),
      ...(subscribe ? { subscribe } : {}),
    }),
  );

/** Claims of a token (RFC 7519 §4). All but `scope` and `sid` are needed and no other is allowed. */
export const tokenClaimsSchema = z.strictObject({
  iss: z.string().min(1).max(128),
  /** The gateway’s id, or the name of the service, integrator or app. */
  sub: level,
  /** {@link audienceOf} the site: nobody else’s token is good here. */
  aud: z.string().min(1).max(128),
  iat: seconds,
  nbf: seconds,
  exp: seconds,
  jti: level,
  /** The session that the token ends with (OpenID Connect Front-Channel Logout 1.0 §3). */
  sid: level.optional(),
  kind: z.enum(tokenKinds),
  scope: scopeSchema.optional(),
});
export type TokenClaims = z.output<typeof tokenClaimsSchema>;

/** The audience of a site’s broker. */
export const audienceOf = (site: string): string => `watchpost:${site}`;

/** Why a token is not good. For the log only: the client always gets the same answer. */
export type TokenFault =
  | 'size'
  | 'malformed'
  | 'type'
  | 'algorithm'
  | 'unknown_key'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'claims'
  | 'kind'
  | 'not_yet_valid'
  | 'expired'
  | 'life';

/** What a server asks of a token whose signature is good. */
export interface TokenRules {
  /** The sites that it may be for. */
  readonly site: readonly string[];
  readonly issuer: string;
  /** Kinds that the signing key may vouch for. */
  readonly kinds: readonly TokenKind[];
  /** Longest time between `iat` and `exp`, by kind. */
  readonly maxLifeSeconds: Readonly<Record<TokenKind, number>>;
  /**
   * How far the issuer’s clock may be ahead. `exp` gets none: a token is never good for longer than it says.
   */
  readonly leewaySeconds: number;
}

/** Who the claims make of a client, or why they make nobody. */
export function judgeClaims(
  claims: TokenClaims,
  rules: TokenRules,
  nowSeconds: number,
): { readonly principal: Principal } | { readonly fault: TokenFault } {
  const { iss, sub, aud, iat, nbf, exp, kind, scope } = claims;
  if (iss !== rules.issuer) return { fault: 'issuer' };
  const site = rules.site.find((one) => aud === audienceOf(one));
  if (site === undefined) return { fault: 'audience' };
  if (!rules.kinds.includes(kind)) return { fault: 'kind' };
  if (kind === 'gateway' && reservedGatewayIds.includes(sub)) return { fault: 'claims' };
  if (Math.max(iat, nbf) > nowSeconds + rules.leewaySeconds) return { fault: 'not_yet_valid' };
  if (exp <= nowSeconds) return { fault: 'expired' };
  if (exp - iat > rules.maxLifeSeconds[kind]) return { fault: 'life' };
  const principal: Principal = {
    kind,
    name: sub,
    site,
    ...(kind === 'gateway' ? { gateway: sub } : {}),
    ...(scope ? { scope } : {}),
  };
  return { principal };
}
