import { type Kysely, sql } from 'kysely';

/** A notice may carry a link by which a person takes its incident, once. */
export async function acknowledgeLinks(db: Kysely<unknown>): Promise<void> {
  await sql`alter table notice add column link_used_at timestamptz`.execute(db);
}
