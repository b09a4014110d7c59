import { timeSchema, topicLevelPattern } from '@watchpost/contracts/wire';
import { z } from 'zod';
import { longestLifeSeconds, standardLifeSeconds } from '../policy.ts';
import { type TokenKind, tokenKinds } from './token-claims.ts';

const level = z.string().regex(topicLevelPattern);

/**
 * A public key as JSON Web Key (RFC 8037). The algorithm is the key’s, not the token’s: Ed25519 and nothing
 * else. A private key (`d`) is refused, because it has no business in the broker’s configuration.
 */
export const tokenKeySchema = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'expected 32 bytes as base64url'),
  kid: level,
  alg: z.literal('EdDSA').optional(),
  use: z.literal('sig').optional(),
  /** Whom the key may vouch for; an API that logs officers in needs no key that makes gateways. */
  kinds: z
    .array(z.enum(tokenKinds))
    .min(1)
    .default([...tokenKinds]),
  /** Sites for which the key may vouch; absent: all of `tokens`. */
  sites: z.array(level).min(1).max(1000).optional(),
  /** Not used before and after. Two keys at once are how one replaces the other. */
  from: timeSchema.optional(),
  until: timeSchema.optional(),
});
export type TokenKey = z.output<typeof tokenKeySchema>;

/** One site, or several. */
const oneOrMore = z
  .union([level, z.array(level).min(1).max(1000)])
  .transform((site): string[] => (typeof site === 'string' ? [site] : site));

const life = (kind: TokenKind) =>
  z.number().int().min(1).max(longestLifeSeconds).default(standardLifeSeconds[kind]);

/** `tokens` of the broker’s configuration: whose signed tokens are believed. */
export const tokensSchema = z.strictObject({
  /** The site that tokens are for, or each of several; their `aud` is `watchpost:SITE` of one. */
  site: oneOrMore,
  /** Their `iss`. */
  issuer: z.string().min(1).max(128).default('watchpost'),
  keys: z
    .array(tokenKeySchema)
    .min(1)
    .max(16)
    .refine((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length, 'each kid once'),
  maxLifeSeconds: z
    .strictObject({
      gateway: life('gateway'),
      alerting: life('alerting'),
      integrator: life('integrator'),
      officer: life('officer'),
    })
    .prefault({}),
  leewaySeconds: z.number().int().min(0).max(300).default(10),
});
export type TokensConfig = z.output<typeof tokensSchema>;
