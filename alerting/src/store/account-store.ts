import { type Role, roleSchema } from '@watchpost/contracts/api';
import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/** Stands for every site. */
export const everySite = '*';

/**
 * The role of a person by site; that of {@link everySite} holds where none is named. A site that is in
 * neither way in it does not exist for the person.
 */
export type SiteRoles = Readonly<Record<string, Role>>;

/** An account; `password` is the derived form of `accounts/password.ts`, never the text. */
export interface Account {
  readonly name: string;
  readonly roles: SiteRoles;
  readonly password: string;
}

/** The roles of an account as a column, JSON. */
export const rolesColumn = (account: 'account.name' | 'session.account') =>
  sql<unknown>`(select coalesce(jsonb_object_agg(site, role), '{}') from account_site
    where account_site.account = ${sql.ref(account)})`;

/** What {@link rolesColumn} gave. */
export const toSiteRoles = (value: unknown): SiteRoles =>
  Object.fromEntries(Object.entries(value as object).map(([site, role]) => [site, roleSchema.parse(role)]));

/** The account of this name. */
export async function findAccount(db: Queryable, name: string): Promise<Account | undefined> {
  const row = await db
    .selectFrom('account')
    .select(['name', 'password', rolesColumn('account.name').as('roles')])
    .where('name', '=', name)
    .executeTakeFirst();
  return row && { name: row.name, roles: toSiteRoles(row.roles), password: row.password };
}

/**
 * Makes the account or changes its roles and password, in a transaction; either ends its sessions, what stays
 * does not.
 */
export async function writeAccount(tx: Queryable, { name, roles, password }: Account): Promise<void> {
  await tx
    .insertInto('account')
    .values({ name, password })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ password }))
    .execute();
  const rows = Object.entries(roles).map(([site, role]) => ({ account: name, site, role }));
  const sites = rows.map(({ site }) => site);
  await sql`delete from account_site where account = ${name} and site <> all(${sql.val(sites)}::text[])`.execute(
    tx,
  );
  if (rows.length === 0) return;
  await tx
    .insertInto('account_site')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['account', 'site']).doUpdateSet((eb) => ({ role: eb.ref('excluded.role') })),
    )
    .execute();
}

/** {@link writeAccount} as a configuration does, which may put others in the place of all administrators. */
export async function saveAccount(db: Queryable, account: Account): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await asConfiguration(tx);
    await writeAccount(tx, account);
  });
}

/** See migration 014. */
async function asConfiguration(tx: Queryable): Promise<void> {
  await sql`select set_config('watchpost.accounts', 'configured', true)`.execute(tx);
}

/** Names of all accounts. */
export async function accountNames(db: Queryable): Promise<readonly string[]> {
  return (await db.selectFrom('account').select('name').execute()).map(({ name }) => name);
}

/** Removes the account and, with it, its sessions, as a configuration does. */
export async function deleteAccount(db: Queryable, name: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await asConfiguration(tx);
    await tx.deleteFrom('account').where('name', '=', name).execute();
  });
}
