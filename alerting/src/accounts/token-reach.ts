import { type ApiToken, notForTokens, type Permission, type Session } from '@watchpost/contracts/api';
import { everySite } from '../store/account-store.ts';
import { permissionsOver } from './describe-session.ts';

/** What a token may open of what its account may. */
export interface TokenScope {
  readonly permissions: readonly Permission[];
  /** Null: wherever the account is. */
  readonly sites: ApiToken['sites'];
}

type Reached = Session['sites'][number];

/** Zones that are in both; null is the whole site. */
function zonesInBoth(one: Reached['zones'], other: Reached['zones']): Reached['zones'] {
  if (one === null || other === null) return one ?? other;
  return one.filter((zone) => other.includes(zone));
}

/** Of a site that an account has what a scope leaves; undefined: nothing. */
function narrowSite(reached: Reached, { permissions, sites }: TokenScope): Reached | undefined {
  const scope =
    sites === null
      ? { zones: null }
      : (sites.find(({ site }) => site === reached.site) ?? sites.find(({ site }) => site === everySite));
  if (!scope) return undefined;
  const zones = zonesInBoth(reached.zones, scope.zones);
  if (zones?.length === 0) return undefined;
  const may = (permission: Permission) =>
    permissions.includes(permission) && !notForTokens.includes(permission);
  return { ...reached, zones, permissions: reached.permissions.filter(may) };
}

/**
 * The session of a program: what its account may do now, and of that what the token was made for.
 * `siteCount`: of the server. No second factor is asked of it: the token is what it has.
 */
export function sessionOfToken(account: Session, scope: TokenScope, siteCount: number): Session {
  const sites = account.sites.flatMap((reached) => narrowSite(reached, scope) ?? []);
  return {
    ...account,
    factorNeeded: false,
    role: sites[0]?.role ?? 'viewer',
    permissions: permissionsOver(sites, siteCount),
    sites,
  };
}

/**
 * The path into a request for a token of what is more than its account may, or than its maker may; undefined:
 * nothing is.
 */
export function beyondOf(
  scope: TokenScope,
  { account, maker, siteCount }: { account: Session; maker: Session; siteCount: number },
): string | undefined {
  const reached = sessionOfToken(account, scope, siteCount);
  const mayMake = (permission: Permission) =>
    maker.permissions.includes(permission) &&
    reached.sites
      .filter(({ permissions }) => permissions.includes(permission))
      .every((one) => isWithin(one, permission, maker));
  const foreign = scope.sites?.findIndex((one) => !isOf(one, account)) ?? -1;
  if (foreign >= 0) return `/sites/${foreign}`;
  const index = scope.permissions.findIndex(
    (permission) => !reached.permissions.includes(permission) || !mayMake(permission),
  );
  return index < 0 ? undefined : `/permissions/${index}`;
}

/** Whether somebody has this permission on all of what is reached of a site. */
function isWithin({ site, zones }: Reached, permission: Permission, { sites }: Session): boolean {
  const own = sites.find((one) => one.site === site);
  if (!own?.permissions.includes(permission)) return false;
  return own.zones === null || (zones?.every((zone) => own.zones?.includes(zone)) ?? false);
}

/** Whether a scope names a site, and zones, of which the account has each. */
function isOf({ site, zones }: NonNullable<TokenScope['sites']>[number], { sites }: Session): boolean {
  if (site === everySite) return true;
  const own = sites.find((one) => one.site === site);
  if (!own) return false;
  return own.zones === null || (zones ?? []).every((zone) => own.zones?.includes(zone));
}
