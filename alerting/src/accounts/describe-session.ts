import {
  type Permission,
  permissions,
  type Role,
  rolePermissions,
  type Session,
  serverPermissions,
} from '@watchpost/contracts/api';
import { everySite, type SiteRoles } from '../store/account-store.ts';

/** The role that somebody has on a site, if any. */
const roleOn = (roles: SiteRoles, site: string): Role | undefined => roles[site] ?? roles[everySite];

/** What somebody may do on these sites, which are all that run here; `expires` RFC 3339. */
export function describeSession(
  user: string,
  roles: SiteRoles,
  sites: readonly Session['sites'][number]['site'][],
  expires: string,
): Session {
  const seen = sites.flatMap((site) => {
    const role = roleOn(roles, site);
    return role === undefined ? [] : [{ site, role, permissions: [...rolePermissions[role]] }];
  });
  const onEach = (permission: Permission) =>
    seen.length === sites.length && seen.every((one) => one.permissions.includes(permission));
  const onOne = (permission: Permission) => seen.some((one) => one.permissions.includes(permission));
  return {
    user,
    role: seen[0]?.role ?? 'viewer',
    permissions: permissions.filter((permission) =>
      serverPermissions.includes(permission) ? onEach(permission) : onOne(permission),
    ),
    expires,
    sites: seen,
  };
}
