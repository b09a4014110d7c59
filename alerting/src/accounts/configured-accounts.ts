import { isDeepStrictEqual } from 'node:util';
import type { Role } from '@watchpost/contracts/api';
import {
  accountNames,
  deleteAccount,
  everySite,
  findAccount,
  type SiteRoles,
  type SiteZones,
  saveAccount,
} from '../store/account-store.ts';
import type { Queryable } from '../store/schema.ts';
import { hashPassword, verifyPassword } from './password.ts';

/** An account that must exist. */
export interface AccountOptions {
  readonly user: string;
  readonly password: string;
  /** On each of its sites. */
  readonly role: Role;
  /** The sites that it may see; absent: every one. */
  readonly sites?: readonly string[];
  /** Roles on sites where it is another one than `role`. */
  readonly roles?: SiteRoles;
  /** Zones of named sites, where the person may not see the whole of one. */
  readonly zones?: SiteZones;
}

/** The roles that an account of the configuration has. */
const rolesOf = ({ role, sites = [everySite], roles = {} }: AccountOptions): SiteRoles => ({
  ...Object.fromEntries(sites.map((site) => [site, role])),
  ...roles,
});

/**
 * Makes these accounts and no others exist: who is not named any more is removed, and a changed role,
 * site or password ends the account’s sessions.
 */
export async function ensureAccounts(db: Queryable, accounts: readonly AccountOptions[]): Promise<void> {
  for (const account of accounts) {
    const { user, password, zones = {} } = account;
    const roles = rolesOf(account);
    const existing = await findAccount(db, user);
    const isSame =
      existing !== undefined &&
      isDeepStrictEqual([{ ...existing.roles }, { ...existing.zones }], [roles, zones]);
    const stays = existing !== undefined && (await verifyPassword(password, existing.password));
    if (isSame && stays) continue;
    await saveAccount(db, {
      name: user,
      roles,
      zones,
      password: stays ? existing.password : await hashPassword(password),
    });
  }
  const wanted = new Set(accounts.map(({ user }) => user));
  for (const name of await accountNames(db)) if (!wanted.has(name)) await deleteAccount(db, name);
}
