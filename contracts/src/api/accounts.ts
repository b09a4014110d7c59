import { z } from 'zod';
import { uuidSchema } from '../wire/ids.ts';
import { accountNameSchema, linkTokenSchema } from './account-link.ts';
import { accountScopeSchema, accountScopesSchema } from './account-scope.ts';
import { factorKindSchema } from './second-factor.ts';
import { languageSchema } from './session.ts';

/** What people see of somebody; the log-in name when none was given. */
export const displayNameSchema = z.string().trim().min(1).max(100);

/** `service`: a program; it has tokens, and neither password nor console. */
export const accountKindSchema = z.enum(['person', 'service']);
export type AccountKind = z.infer<typeof accountKindSchema>;

/** `invited`: a one-time link waits for the person, or ended unused; `disabled`: lets nobody in. */
export const accountStateSchema = z.enum(['active', 'invited', 'disabled']);
export type AccountState = z.infer<typeof accountStateSchema>;

/** An account by its id, which is never used again, and its name at that time. */
export const accountReferenceSchema = z.strictObject({ id: uuidSchema, name: z.string() });
export type AccountReference = z.infer<typeof accountReferenceSchema>;

/** An account as who manages accounts sees it. */
export const accountSchema = z.strictObject({
  id: uuidSchema,
  /** What is typed at log-in; another account may have it once this one is deleted. */
  name: z.string(),
  displayName: z.string(),
  kind: accountKindSchema,
  state: accountStateSchema,
  /** Null: the person has not chosen. */
  language: languageSchema.nullable(),
  scopes: z.array(accountScopeSchema),
  /** Second factors that are set up, each kind once. */
  factors: z.array(factorKindSchema),
  /** The person comes by an identity provider, which asks for the second factor; no password is set here. */
  byProvider: z.boolean(),
  /** Whether a role of it demands a second factor here (`policy.accounts` of the server file). */
  factorRequired: z.boolean(),
  /** Sessions that are open. */
  sessions: z.number().int().min(0),
  /** API tokens that are good. */
  tokens: z.number().int().min(0),
  createdAt: z.iso.datetime(),
  /** Last log-in, or use of a token, to the minute. */
  lastUsed: z.iso.datetime().nullable(),
  /** Null: made on the server’s console, by a configuration, or by an identity provider. */
  invitedBy: accountReferenceSchema.nullable(),
  /**
   * Who made the newest link that sets its password anew, or of a program its newest token; null: nobody, or
   * the server’s console.
   */
  resetBy: accountReferenceSchema.nullable(),
});
export type Account = z.infer<typeof accountSchema>;

/** `GET /api/v1/accounts`, by name. */
export const accountQuerySchema = z.strictObject({
  /** Part of the name or display name, upper and lower case alike. */
  search: z.string().trim().min(1).max(64).optional(),
  kind: accountKindSchema.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** From `next` of the page before. */
  cursor: z.string().min(1).max(64).optional(),
});

export const accountPageSchema = z.strictObject({
  accounts: z.array(accountSchema),
  /** Cursor of the next page; null on the last one. */
  next: z.string().nullable(),
  /** How many the search matches on all pages together. */
  total: z.number().int().min(0),
});
export type AccountPage = z.infer<typeof accountPageSchema>;

/** `POST /api/v1/accounts`: invites a person, who gets a one-time link, or makes a service account. */
export const accountRequestSchema = z.strictObject({
  name: accountNameSchema,
  displayName: displayNameSchema.optional(),
  kind: accountKindSchema.default('person'),
  language: languageSchema.nullable().default(null),
  scopes: accountScopesSchema,
});
export type AccountRequest = z.input<typeof accountRequestSchema>;

/** A one-time link as it is shown, once: `{console}/welcome#{token}`. */
export const oneTimeLinkSchema = z.strictObject({ token: linkTokenSchema, expires: z.iso.datetime() });

/** Answer of `POST /api/v1/accounts`, `…/{id}/reset` and `…/{id}/enable`. */
export const accountWithLinkSchema = z.strictObject({
  account: accountSchema,
  /** Null for service accounts. Secret; it is shown this once. */
  link: oneTimeLinkSchema.nullable(),
});
export type AccountWithLink = z.infer<typeof accountWithLinkSchema>;

/** `POST /api/v1/accounts/{id}`: changes what is named. New scopes hold at the next request of a session. */
export const accountChangeSchema = z
  .strictObject({
    displayName: displayNameSchema.optional(),
    language: languageSchema.nullable().optional(),
    scopes: accountScopesSchema.optional(),
  })
  .refine((change) => Object.keys(change).length > 0, { error: 'expected a change' });
export type AccountChange = z.input<typeof accountChangeSchema>;

/** `POST /api/v1/accounts/{id}/…`: what may be done with an account as a whole. No body but `{}`. */
export const accountSteps = ['disable', 'enable', 'reset', 'end-sessions'] as const;
