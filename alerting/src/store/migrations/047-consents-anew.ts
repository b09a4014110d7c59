import { type Kysely, sql } from 'kysely';

/** Who agreed to show how far they are has not agreed to be drawn on a plan: they are asked anew. */
export async function consentsAnew(db: Kysely<unknown>): Promise<void> {
  await sql`delete from officer_position`.execute(db);
}
