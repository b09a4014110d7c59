import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/**
 * Ids of the accounts that invited this one, or reset it last: who holds such a link could log in as this
 * account, so that the two do not count as two people.
 */
export async function madeBy(db: Queryable, account: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ invited_by: string | null; reset_by: string | null }>`
    select invited_by::text, reset_by::text from account where id::text = ${account}`.execute(db);
  return new Set(rows.flatMap((row) => [row.invited_by, row.reset_by]).filter((id) => id !== null));
}
