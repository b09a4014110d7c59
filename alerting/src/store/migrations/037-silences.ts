import { type Kysely, sql } from 'kysely';

const statements = [
  sql`create table silence (
    site text not null,
    id uuid not null,
    version integer not null,
    purpose text not null,
    match jsonb not null,
    hours jsonb,
    time_zone text not null,
    from_at timestamptz not null,
    until_at timestamptz not null,
    reason text not null,
    made_at timestamptz not null,
    made_by text not null,
    made_by_name text not null,
    signed_at timestamptz,
    signed_by text,
    signed_account text,
    ended_at timestamptz,
    ended_by text,
    ended_account text,
    ended_why text,
    primary key (site, id),
    check (from_at < until_at)
  )`,
  sql`create index silence_end on silence (site, until_at)`,
  // The name of somebody whose account is deleted goes with it.
  sql`create function forget_silence_names() returns trigger language plpgsql as $$
    begin
      update silence set made_by_name = '' where made_by = old.id::text;
      update silence set signed_by = '' where signed_account = old.id::text;
      update silence set ended_by = '' where ended_account = old.id::text;
      return null;
    end $$`,
  sql`create trigger account_silence_names after delete on account
    for each row execute function forget_silence_names()`,
  sql`create index alert_quiet on alert (site, severity_order) where state = 'open' and suppressed is not null`,
];

/** Silences, and the alerts that wait and of which nobody is told. */
export async function silences(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
