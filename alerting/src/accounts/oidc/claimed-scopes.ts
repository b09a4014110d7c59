import { type AccountScope, accountNameSchema } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { OidcSettings } from './oidc-settings.ts';

type Claims = Readonly<Record<string, unknown>>;

/** The texts of a claim, which is one or a list. */
function valuesOf(claim: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return all.filter((value) => typeof value === 'string');
}

/**
 * What somebody is on which sites, by what the provider says: of the rules that fit, the first of each site.
 * @throws WatchpostError `account.oidc_no_role`
 */
export function claimedScopes(claims: Claims, { claim, mapping }: OidcSettings['roles']): AccountScope[] {
  const values = new Set(valuesOf(claims[claim]));
  const scopes = new Map<string, AccountScope>();
  for (const { value, ...scope } of mapping)
    if (values.has(value) && !scopes.has(scope.site)) scopes.set(scope.site, scope);
  if (scopes.size === 0) throw new WatchpostError('account.oidc_no_role', { details: { claim } });
  return [...scopes.values()];
}

/**
 * The name that a new account gets.
 * @throws WatchpostError `account.oidc_claim`: the claim is missing, or no name
 */
export function claimedName(claims: Claims, claim: string): string {
  const name = accountNameSchema.safeParse(claims[claim]);
  if (!name.success) throw new WatchpostError('account.oidc_claim', { details: { claim } });
  return name.data;
}
