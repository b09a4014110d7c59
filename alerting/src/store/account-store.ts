import { type Role, roleSchema } from '@watchpost/contracts/api';
import type { Queryable } from './schema.ts';

/** An account; `password` is the derived form of `accounts/password.ts`, never the text. */
export interface Account {
  readonly name: string;
  readonly role: Role;
  readonly password: string;
}

/** The account of this name. */
export async function findAccount(db: Queryable, name: string): Promise<Account | undefined> {
  const row = await db.selectFrom('account').selectAll().where('name', '=', name).executeTakeFirst();
  return row && { name: row.name, role: roleSchema.parse(row.role), password: row.password };
}

/** Makes the account or changes its role and password. */
export async function saveAccount(db: Queryable, account: Account): Promise<void> {
  const { role, password } = account;
  await db
    .insertInto('account')
    .values(account)
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ role, password }))
    .execute();
}

/** Names of all accounts. */
export async function accountNames(db: Queryable): Promise<readonly string[]> {
  return (await db.selectFrom('account').select('name').execute()).map(({ name }) => name);
}

/** Removes the account and, with it, its sessions. */
export async function deleteAccount(db: Queryable, name: string): Promise<void> {
  await db.deleteFrom('account').where('name', '=', name).execute();
}
