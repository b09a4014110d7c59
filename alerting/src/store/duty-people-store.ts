import type { DutyPerson, Role } from '@watchpost/contracts/api';
import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/** Accounts of people who have one of these roles on a site and may log in, by the name that people see. */
export async function peopleWithRole(
  db: Queryable,
  site: string,
  roles: readonly Role[],
): Promise<DutyPerson[]> {
  const { rows } = await sql<DutyPerson>`
    select id::text as id, coalesce(display_name, name) as name from account
    where kind = 'person' and disabled_at is null and (
      select role from account_site where account_site.account = account.name and site in (${site}, '*')
      order by site = '*' limit 1
    ) in (${sql.join(roles)})
    order by 2, 1`.execute(db);
  return rows;
}

/** The names of accounts that exist, by id. */
export async function namesOf(db: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<DutyPerson>`select id::text as id, coalesce(display_name, name) as name
    from account where id::text in (${sql.join([...new Set(ids)])})`.execute(db);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/**
 * Accounts that have a verified channel on a site; undefined where nobody ever verified one: there notices do
 * not go to people.
 */
export async function accountsWithChannel(
  db: Queryable,
  site: string,
): Promise<ReadonlySet<string> | undefined> {
  const { rows } = await sql<{ id: string; is_on: boolean }>`
    select account.id::text as id, receiver.off_at is null as is_on
    from receiver join account on account.name = receiver.account
    where receiver.site = ${site} and receiver.verified_at is not null`.execute(db);
  if (rows.length === 0) return undefined;
  return new Set(rows.flatMap(({ id, is_on }) => (is_on ? [id] : [])));
}
