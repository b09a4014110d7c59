import { z } from 'zod';
import { uuidSchema } from '../wire/ids.ts';
import { siteScopeSchema } from './account-scope.ts';
import { accountReferenceSchema } from './accounts.ts';
import { type Permission, permissionSchema, permissions } from './rights.ts';

/** What an API token never opens, whoever made it: what takes a person. */
export const notForTokens: readonly Permission[] = ['accounts.manage', 'lists.approve'];

/** `wpt_` and 256 random bits: known to scanners of leaked secrets by its beginning. */
export const apiTokenPattern = /^wpt_[A-Za-z0-9_-]{43}$/;

/** `POST /api/v1/account/tokens`, and of a service account `POST /api/v1/accounts/{id}/tokens`. */
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
  /** A year from now at most. */
  expires: z.iso.datetime(),
});
export type ApiTokenRequest = z.input<typeof apiTokenRequestSchema>;

export const apiTokenSchema = z.strictObject({
  id: uuidSchema,
  name: z.string(),
  permissions: z.array(permissionSchema),
  sites: z.array(siteScopeSchema).nullable(),
  createdAt: z.iso.datetime(),
  expires: z.iso.datetime(),
  /** To the minute; null: never. */
  lastUsed: z.iso.datetime().nullable(),
  createdBy: accountReferenceSchema.nullable(),
});
export type ApiToken = z.infer<typeof apiTokenSchema>;

/** `GET /api/v1/account/tokens`, `GET /api/v1/accounts/{id}/tokens`; `DELETE …/{token}` revokes one. */
export const apiTokenListSchema = z.strictObject({ tokens: z.array(apiTokenSchema) });
export type ApiTokenList = z.infer<typeof apiTokenListSchema>;

/** A new token with its secret, for `Authorization: Bearer …`; it is shown this once. */
export const newApiTokenSchema = z.strictObject({ token: apiTokenSchema, secret: z.string() });
export type NewApiToken = z.infer<typeof newApiTokenSchema>;
