import type { Role } from '@watchpost/contracts/api';
import { accountNames, deleteAccount, findAccount, saveAccount } from '../store/account-store.ts';
import type { Queryable } from '../store/schema.ts';
import { hashPassword, verifyPassword } from './password.ts';

/** An account that must exist. */
export interface AccountOptions {
  readonly user: string;
  readonly password: string;
  readonly role: Role;
}

/**
 * Makes these accounts and no others exist: who is not named any more is removed, and a changed role or
 * password ends the account’s sessions.
 */
export async function ensureAccounts(db: Queryable, accounts: readonly AccountOptions[]): Promise<void> {
  for (const { user, password, role } of accounts) {
    const existing = await findAccount(db, user);
    if (existing?.role === role && (await verifyPassword(password, existing.password))) continue;
    await saveAccount(db, { name: user, role, password: await hashPassword(password) });
  }
  const wanted = new Set(accounts.map(({ user }) => user));
  for (const name of await accountNames(db)) if (!wanted.has(name)) await deleteAccount(db, name);
}
