import { type Kysely, sql } from 'kysely';

/** From where a token was used, so that a new place can be told. */
export async function apiTokenAddresses(db: Kysely<unknown>): Promise<void> {
  await sql`alter table api_token add column address_groups text[] not null default '{}'`.execute(db);
}
