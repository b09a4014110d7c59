import { type Kysely, sql } from 'kysely';

/** Where somebody stands who sets a site up. */
export async function siteSetup(db: Kysely<unknown>): Promise<void> {
  await sql`create table site_setup (
    site text primary key,
    step text not null,
    choices jsonb not null,
    saved_at timestamptz not null
  )`.execute(db);
}
