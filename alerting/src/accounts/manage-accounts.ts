import type { AccountState } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { sql } from 'kysely';
import { listAccountPage } from '../store/account-list-store.ts';
import {
  type Account,
  everySite,
  findAccount,
  rightsOf,
  type SiteRoles,
  type SiteZones,
} from '../store/account-store.ts';
import type { Queryable } from '../store/schema.ts';
import { listPolicy } from './policy.ts';

/** An account as a command lists it. */
export interface ListedAccount {
  readonly name: string;
  /** By site; `*` is every site. */
  readonly roles: SiteRoles;
  /** Of sites of which not every zone is meant. */
  readonly zones?: SiteZones;
  readonly state: AccountState;
}

/** Whether somebody with a password is administrator of every site. */
export async function hasAdministrator(db: Queryable): Promise<boolean> {
  const { rows } = await sql`select from account join account_site on account_site.account = account.name
    where site = ${everySite} and role = 'admin' and password like 'argon2id$%' limit 1`.execute(db);
  return rows.length > 0;
}

/** All accounts, by name. */
export async function listAccounts(db: Queryable, nowMs: number): Promise<ListedAccount[]> {
  const now = new Date(nowMs).toISOString();
  const listed: ListedAccount[] = [];
  for (let cursor: string | undefined, isLast = false; !isLast; ) {
    const page = await listAccountPage(db, {
      ...{ limit: listPolicy.accountsAtOnce, now, factorRequired: () => false },
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { name, scopes, state } of page) {
      const { roles, zones } = rightsOf(scopes);
      listed.push({ name, roles, ...(Object.keys(zones).length > 0 ? { zones } : {}), state });
    }
    cursor = page.at(-1)?.name;
    isLast = page.length < listPolicy.accountsAtOnce;
  }
  return listed;
}

/** The account that a command names. @throws WatchpostError `account.unknown` */
export async function requireAccount(db: Queryable, name: string): Promise<Account> {
  const account = await findAccount(db, name);
  if (!account) throw new WatchpostError('account.unknown', { path: '/NAME' });
  return account;
}
