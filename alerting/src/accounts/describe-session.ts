import {
  type Permission,
  permissions,
  type Role,
  rolePermissions,
  type Session,
  serverPermissions,
} from '@watchpost/contracts/api';
import { everySite, type SiteRoles } from '../store/account-store.ts';
import type { SessionAccount } from '../store/session-store.ts';

/** The role that somebody has on a site, if any. */
const roleOn = (roles: SiteRoles, site: string): Role | undefined => roles[site] ?? roles[everySite];

/**
 * What somebody may do on these sites, which are all that run here; `expires` RFC 3339. What shows the whole
 * server is for who is limited to zones nowhere.
 */
export function describeSession(
  account: SessionAccount,
  sites: readonly Session['sites'][number]['site'][],
  expires: string,
  factorRequired: (roles: SiteRoles) => boolean = () => false,
): Session {
  const { id, name, displayName, language, roles, zones, hasFactor } = account;
  const seen = sites.flatMap((site) => {
    const role = roleOn(roles, site);
    if (role === undefined) return [];
    return [{ site, role, permissions: [...rolePermissions[role]], zones: copyOf(zones[site]) }];
  });
  return {
    account: id,
    user: name,
    displayName: displayName ?? name,
    language,
    factorNeeded: !hasFactor && factorRequired(roles),
    role: seen[0]?.role ?? 'viewer',
    permissions: permissionsOver(seen, sites.length),
    expires,
    sites: seen,
  };
}

/**
 * What somebody may do who has these sites: what shows the whole server only where it is theirs on each of
 * all `sites`, without a limit to zones.
 */
export function permissionsOver(seen: Session['sites'], sites: number): Permission[] {
  const onEach = (permission: Permission) =>
    seen.length === sites && seen.every((one) => one.zones === null && one.permissions.includes(permission));
  const onOne = (permission: Permission) => seen.some((one) => one.permissions.includes(permission));
  return permissions.filter((permission) =>
    serverPermissions.includes(permission) ? onEach(permission) : onOne(permission),
  );
}

const copyOf = <T>(list: readonly T[] | undefined): T[] | null => (list === undefined ? null : [...list]);
