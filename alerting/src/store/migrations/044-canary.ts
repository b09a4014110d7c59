import { type Kysely, sql } from 'kysely';

/**
 * Proofs that what gateways say comes through: apart from events, so that nothing that reads those sees them.
 */
export async function canary(db: Kysely<unknown>): Promise<void> {
  await sql`create table canary (
    site text not null,
    gateway text not null,
    id uuid not null,
    position bigint generated always as identity,
    version text not null,
    every_ms integer not null,
    stored_at timestamptz not null default clock_timestamp(),
    told_at timestamptz,
    primary key (site, gateway, id)
  )`.execute(db);
}
