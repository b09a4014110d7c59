import { type Kysely, sql } from 'kysely';

/** What shows that a receiver is who it is said to be, and when it is not to be disturbed. */
export async function contacts(db: Kysely<unknown>): Promise<void> {
  for (const column of ['code_hash text', 'code_until timestamptz', 'code_tries integer', 'quiet jsonb'])
    await sql`alter table receiver add column ${sql.raw(column)}`.execute(db);
}
