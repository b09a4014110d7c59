import { type Kysely, sql } from 'kysely';

const tables = ['department', 'response_unit', 'response_offer', 'response_task'] as const;

/**
 * Clients make the ids, and what belongs together is looked up by them: one that is taken on any site is
 * nobody’s to take again.
 */
export async function responseIds(db: Kysely<unknown>): Promise<void> {
  for (const table of tables)
    await sql`create unique index ${sql.ref(`${table}_id`)} on ${sql.table(table)} (id)`.execute(db);
}
