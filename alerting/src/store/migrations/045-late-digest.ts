import { type Kysely, sql } from 'kysely';

/** What came late and is told together, and what was. */
export async function lateDigest(db: Kysely<unknown>): Promise<void> {
  await sql`create table late_counted (
    site text not null,
    gateway text not null,
    term text not null,
    events integer not null,
    first_at timestamptz not null,
    came_first timestamptz not null,
    came_last timestamptz not null,
    primary key (site, gateway, term)
  )`.execute(db);
  await sql`create table late_digest (
    site text not null,
    id uuid not null,
    made_at timestamptz not null,
    gateways jsonb not null,
    primary key (site, id)
  )`.execute(db);
}
