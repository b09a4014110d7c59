import { z } from 'zod';
import { uuidSchema } from '../wire/ids.ts';
import { accountFactorSchema } from './second-factor.ts';
import { languageSchema } from './session.ts';

/** `GET /api/v1/account`: the account of the session. */
export const ownAccountSchema = z.strictObject({
  id: uuidSchema,
  name: z.string(),
  displayName: z.string(),
  language: languageSchema.nullable(),
  /** False: the person comes by an identity provider or a passkey. */
  hasPassword: z.boolean(),
  /** An identity provider lets the person in and asks for the second factor: none can be set up here. */
  byProvider: z.boolean(),
  /** A new password has this many characters at least. */
  leastCharacters: z.number().int(),
  factors: z.array(accountFactorSchema),
  /** Whether a role of the account demands a second factor here; then the last one cannot be removed. */
  factorRequired: z.boolean(),
  /** Recovery codes that were not used yet. */
  recoveryCodes: z.number().int().min(0),
});
export type OwnAccount = z.infer<typeof ownAccountSchema>;

/** `POST /api/v1/account`. */
export const ownAccountChangeSchema = z.strictObject({ language: languageSchema.nullable() });

/**
 * `POST /api/v1/account/password`: tries count as log-ins do. Every other session ends; this one goes on with
 * a new cookie.
 */
export const passwordChangeSchema = z.strictObject({
  old: z.string().min(1).max(256),
  password: z.string().min(1).max(256),
});

/** What a browser calls itself, as far as it is known. */
export const browserSchema = z.strictObject({
  /** E.g. `Firefox`; null: unknown. */
  name: z.string().max(40).nullable(),
  /** E.g. `Windows`; null: unknown. */
  system: z.string().max(40).nullable(),
});
export type Browser = z.infer<typeof browserSchema>;

/** One open session of the account. */
export const ownSessionSchema = z.strictObject({
  id: uuidSchema,
  /** The one that asks. */
  current: z.boolean(),
  createdAt: z.iso.datetime(),
  /** To the minute. */
  lastUsed: z.iso.datetime(),
  expires: z.iso.datetime(),
  /** IPv4 address, or /64 of an IPv6 address, of the log-in; null: from before this was noted. */
  addressGroup: z.string().nullable(),
  browser: browserSchema,
});
export type OwnSession = z.infer<typeof ownSessionSchema>;

/**
 * `GET /api/v1/account/sessions`, last used first. `DELETE …/{id}` ends one, `POST …/end-others` all but the
 * one that asks.
 */
export const ownSessionListSchema = z.strictObject({ sessions: z.array(ownSessionSchema) });
export type OwnSessionList = z.infer<typeof ownSessionListSchema>;
