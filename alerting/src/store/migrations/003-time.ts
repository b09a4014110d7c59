import { type Kysely, sql } from 'kysely';

/** Corrected times, late conditions and the count of what came too late to page. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const statements = [
    // `time` is the corrected one; the clock said `time` minus this. Null when the clock was taken as it was.
    sql`alter table event add column clock_offset_ms bigint`,
    sql`alter table alert add column late_ms bigint`,
    // The newest late alarm of each condition, until it is known whether that still holds.
    sql`create table late_condition (
      site text not null,
      group_key text not null,
      gateway text not null,
      event jsonb not null,
      risk jsonb not null,
      received_at timestamptz not null,
      primary key (site, group_key)
    )`,
    sql`create table late_event_count (
      site text not null,
      gateway text not null,
      count bigint not null,
      primary key (site, gateway)
    )`,
  ];
  for (const statement of statements) await statement.execute(db);
}
