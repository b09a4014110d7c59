import { type Kysely, sql } from 'kysely';

/**
 * An event that joins an alert changes `updated_at`; as long as an index holds it, each join writes to every
 * index of the table. Lists use `done_at`, which is null until an alert is done, so nothing reads the old
 * index any more.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`drop index if exists alert_newest`.execute(db);
}
