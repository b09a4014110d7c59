import {
  type AccountKind,
  type AccountScope,
  accountScopesSchema,
  everySite,
  type Language,
  type Role,
} from '@watchpost/contracts/api';
import type { ZoneId } from '@watchpost/contracts/wire';
import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

export { everySite };

/**
 * The role of a person by site; that of {@link everySite} holds where none is named. A site that is in
 * neither way in it does not exist for the person.
 */
export type SiteRoles = Readonly<Record<string, Role>>;

/** The zones of a site that exist for a person, where that is not the whole site. */
export type SiteZones = Readonly<Record<string, readonly ZoneId[]>>;

/** What {@link writeAccount} sets. */
export interface AccountRights {
  readonly name: string;
  readonly roles: SiteRoles;
  /** Of sites in `roles` that have a role of their own. */
  readonly zones?: SiteZones | undefined;
  /** The derived form of `accounts/password.ts`, never the text. */
  readonly password: string;
}

/** An account. */
export interface Account extends AccountRights {
  readonly id: string;
  readonly zones: SiteZones;
  readonly kind: AccountKind;
  /** As it was given; null: the name. */
  readonly displayName: string | null;
  readonly language: Language | null;
  readonly isDisabled: boolean;
}

type AccountColumn = 'account.name' | 'session.account';

/** The scopes of an account as a column, JSON. */
export const scopesColumn = (account: AccountColumn) =>
  sql<unknown>`(select coalesce(jsonb_agg(jsonb_build_object('site', site, 'role', role, 'zones', zones)
    order by site), '[]') from account_site where account_site.account = ${sql.ref(account)})`;

/** What {@link scopesColumn} gave. */
export const toScopes = (value: unknown): AccountScope[] => accountScopesSchema.parse(value);

/** Scopes by site. */
export function rightsOf(scopes: readonly AccountScope[]): Pick<Account, 'roles' | 'zones'> {
  return {
    roles: Object.fromEntries(scopes.map(({ site, role }) => [site, role])),
    zones: Object.fromEntries(scopes.flatMap(({ site, zones }) => (zones === null ? [] : [[site, zones]]))),
  };
}

/** The reverse of {@link rightsOf}, by site. */
export const scopesOf = ({ roles, zones = {} }: Pick<AccountRights, 'roles' | 'zones'>): AccountScope[] =>
  accountScopesSchema.parse(
    Object.entries(roles)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([site, role]) => ({ site, role, zones: zones[site] ?? null })),
  );

function accountWhere(db: Queryable, column: 'name' | 'id', value: string) {
  return db
    .selectFrom('account')
    .select(['id', 'name', 'password', 'kind', 'display_name', 'language', 'disabled_at'])
    .select(scopesColumn('account.name').as('scopes'))
    .where(column, '=', value)
    .executeTakeFirst();
}

function toAccount(row: NonNullable<Awaited<ReturnType<typeof accountWhere>>>): Account {
  const { id, name, password, kind, language } = row;
  return {
    ...{ id, name, password, kind, language },
    displayName: row.display_name,
    isDisabled: row.disabled_at !== null,
    ...rightsOf(toScopes(row.scopes)),
  };
}

/** The account of this name. */
export async function findAccount(db: Queryable, name: string): Promise<Account | undefined> {
  const row = await accountWhere(db, 'name', name);
  return row && toAccount(row);
}

/** The account with this id. */
export async function findAccountById(db: Queryable, id: string): Promise<Account | undefined> {
  const row = await accountWhere(db, 'id', id);
  return row && toAccount(row);
}

/**
 * Makes the account or changes its roles, zones and password, in a transaction; each ends its sessions, what
 * stays does not.
 */
export async function writeAccount(
  tx: Queryable,
  { name, roles, zones = {}, password }: AccountRights,
): Promise<void> {
  await tx
    .insertInto('account')
    .values({ name, password })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ password }))
    .execute();
  const rows = Object.entries(roles).map(([site, role]) => ({
    ...{ account: name, site, role },
    zones: zones[site] === undefined ? null : [...zones[site]],
  }));
  const sites = rows.map(({ site }) => site);
  await sql`delete from account_site where account = ${name} and site <> all(${sql.val(sites)}::text[])`.execute(
    tx,
  );
  if (rows.length === 0) return;
  await tx
    .insertInto('account_site')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['account', 'site'])
        .doUpdateSet((eb) => ({ role: eb.ref('excluded.role'), zones: eb.ref('excluded.zones') })),
    )
    .execute();
}

/** {@link writeAccount} as a configuration does, which may put others in the place of all administrators. */
export async function saveAccount(db: Queryable, account: AccountRights): Promise<void> {
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
