import { type Kysely, sql } from 'kysely';

/**
 * What was known around an event when it was scored, so that it can be judged by other rules later. Rows of
 * before have none.
 */
export async function riskContext(db: Kysely<unknown>): Promise<void> {
  await sql`alter table event add column risk_context jsonb`.execute(db);
}
