import { z } from 'zod';
import { uuidSchema } from '../wire/ids.ts';
import { siteScopeSchema } from './account-scope.ts';
import { accountReferenceSchema } from './accounts.ts';
import { type Permission, permissionSchema, permissions } from './rights.ts';

/** What an API token never opens: what a person answers for with their name, and what takes a browser. */
export const notForTokens: readonly Permission[] = [
  'alerts.decide',
  'duty.take',
  'response.take',
  'response.dispatch',
  'receivers.manage',
  'silences.sign',
  'warnings.manage',
  'lists.approve',
  'privacy.edit',
  'accounts.manage',
  'flows.use',
];

/** `wpt_` and 256 random bits: known to scanners of leaked secrets by its beginning. */
export const apiTokenPattern = /^wpt_[A-Za-z0-9_-]{43}$/;

/** `POST /api/v1/accounts/{id}/tokens`, of a service account: people have none. */
export const apiTokenRequestSchema = z.strictObject({
  /** What it is for. */
  name: z.string().trim().min(1).max(100),
  /** Of those that the account has; it loses with the account what that loses. */
  permissions: z
    .array(
      permissionSchema.refine((permission) => !notForTokens.includes(permission), {
        error: 'expected a permission that a program may have',
      }),
    )
    .min(1)
    .max(permissions.length),
  /** Sites of the account, and zones of them; null: wherever the account is. */
  sites: z.array(siteScopeSchema).min(1).max(1_000).nullable().default(null),
  /** No later than `policy.accounts.apiTokens.longest` of the server file from now. */
  expires: z.iso.datetime(),
});
export type ApiTokenRequest = z.input<typeof apiTokenRequestSchema>;

/** `soon`: ends within `policy.accounts.apiTokens.noticeBefore`; `ended`: kept a while to be told. */
export const apiTokenStates = ['good', 'soon', 'ended'] as const;

export const apiTokenSchema = z.strictObject({
  id: uuidSchema,
  name: z.string(),
  permissions: z.array(permissionSchema),
  sites: z.array(siteScopeSchema).nullable(),
  createdAt: z.iso.datetime(),
  expires: z.iso.datetime(),
  state: z.enum(apiTokenStates),
  /** To the minute; null: never. */
  lastUsed: z.iso.datetime().nullable(),
  createdBy: accountReferenceSchema.nullable(),
});
export type ApiToken = z.infer<typeof apiTokenSchema>;

/** `GET /api/v1/accounts/{id}/tokens`, the first to end first; `DELETE …/{token}` revokes one. */
export const apiTokenListSchema = z.strictObject({
  tokens: z.array(apiTokenSchema),
  /** What a new one may open. */
  permissions: z.array(permissionSchema),
  /** A new one is good for so many days at most. */
  mostDays: z.number(),
});
export type ApiTokenList = z.infer<typeof apiTokenListSchema>;

/** `GET /api/v1/api-tokens/due`: of all accounts those that end soon or ended, the first to end first. */
export const dueApiTokensSchema = z.strictObject({
  tokens: z.array(z.strictObject({ account: accountReferenceSchema, token: apiTokenSchema })),
});
export type DueApiTokens = z.infer<typeof dueApiTokensSchema>;

/** A new token with its secret, for `Authorization: Bearer …`; it is shown this once. */
export const newApiTokenSchema = z.strictObject({ token: apiTokenSchema, secret: z.string() });
export type NewApiToken = z.infer<typeof newApiTokenSchema>;
