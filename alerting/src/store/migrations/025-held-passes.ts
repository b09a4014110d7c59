import { type Kysely, sql } from 'kysely';

/** Passes out of a backup are held until somebody confirms them. */
export async function heldPasses(db: Kysely<unknown>): Promise<void> {
  await sql`alter table pass add column held_at timestamptz`.execute(db);
}
