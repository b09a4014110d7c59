import { type Role, rolePermissions, roles } from '@watchpost/contracts/api';

/** Roles whose people may be on duty. */
export const dutyRoles: readonly Role[] = roles.filter((role) => rolePermissions[role].includes('duty.take'));
