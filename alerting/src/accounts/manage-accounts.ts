import type { Role } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { sql } from 'kysely';
import { accountsWithLink, deleteLinks, lockAccounts } from '../store/account-link-store.ts';
import {
  accountNames,
  everySite,
  findAccount,
  type SiteRoles,
  writeAccount,
} from '../store/account-store.ts';
import type { Queryable } from '../store/schema.ts';

/** The stored password of who has none: nothing that anybody types gives it. */
const noPassword = 'none';
const hasPassword = (stored: string): boolean => stored.startsWith('argon2id$');

/** An account as it is listed. */
export interface ListedAccount {
  readonly name: string;
  /** By site; `*` is every site. */
  readonly roles: SiteRoles;
  /** `invited`: a link waits for the person; `disabled`: neither password nor link. */
  readonly state: 'active' | 'invited' | 'disabled';
}

/** What the trigger of the last administrator says (migration 014). */
const isLastAdministrator = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'WP001';

/** Whether somebody with a password is administrator of every site. */
export async function hasAdministrator(db: Queryable): Promise<boolean> {
  const { rows } = await sql`select from account join account_site on account_site.account = account.name
    where site = ${everySite} and role = 'admin' and password like 'argon2id$%' limit 1`.execute(db);
  return rows.length > 0;
}

/** All accounts, by name. */
export async function listAccounts(db: Queryable, nowMs: number): Promise<ListedAccount[]> {
  const invited = await accountsWithLink(db, new Date(nowMs).toISOString());
  const listed: ListedAccount[] = [];
  for (const name of (await accountNames(db)).toSorted()) {
    const account = await findAccount(db, name);
    if (!account) continue;
    const state = hasPassword(account.password) ? 'active' : invited.has(name) ? 'invited' : 'disabled';
    listed.push({ name, roles: account.roles, state });
  }
  return listed;
}

/**
 * Makes an account, which has no password yet. Without sites its role is on every one.
 * @throws WatchpostError `account.exists`
 */
export async function addAccount(
  db: Queryable,
  { name, role, sites = [everySite] }: AccountOrder,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockAccounts(tx);
    if (await findAccount(tx, name)) throw new WatchpostError('account.exists', { path: '/NAME' });
    const roles = Object.fromEntries(sites.map((site) => [site, role]));
    await writeAccount(tx, { name, roles, password: noPassword });
  });
}

/** A new account. */
export interface AccountOrder {
  readonly name: string;
  readonly role: Role;
  readonly sites?: readonly string[] | undefined;
}

/** @throws WatchpostError `account.unknown` */
export async function requireAccount(db: Queryable, name: string): Promise<void> {
  if (!(await findAccount(db, name))) throw new WatchpostError('account.unknown', { path: '/NAME' });
}

/**
 * Takes an account’s password and links away: its sessions end, nobody logs in with it until a new link sets
 * a password. What it did keeps its name.
 * @throws WatchpostError `account.unknown`, `account.last_administrator`
 */
export async function disableAccount(db: Queryable, name: string): Promise<void> {
  try {
    await db.transaction().execute(async (tx) => {
      await lockAccounts(tx);
      const account = await findAccount(tx, name);
      if (!account) throw new WatchpostError('account.unknown', { path: '/NAME' });
      await deleteLinks(tx, name);
      if (hasPassword(account.password)) await writeAccount(tx, { ...account, password: noPassword });
    });
  } catch (error) {
    if (isLastAdministrator(error))
      throw new WatchpostError('account.last_administrator', { path: '/NAME', cause: error });
    throw error;
  }
}
