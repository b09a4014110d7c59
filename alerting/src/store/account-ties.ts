import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/**
 * Ids of the accounts that do not count as another person than this one: who invited it or reset it last,
 * because who holds such a link could log in as it, and the programs that it made or holds a token of.
 */
export async function tiedTo(db: Queryable, account: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string | null }>`
    select unnest(array[invited_by, reset_by])::text as id from account where id::text = ${account}
    union select id::text from account
      where kind = 'service' and ${account} in (invited_by::text, reset_by::text)
    union select account::text from api_token where created_by::text = ${account}`.execute(db);
  return new Set(rows.flatMap(({ id }) => id ?? []));
}
