import { type Kysely, sql } from 'kysely';

const statements = [
  // With the gateway in the key, commits of two gateways never wait for each other's row.
  sql`create table event_hour (
    site text not null,
    bucket timestamptz not null,
    gateway text not null,
    zone text not null,
    type text not null,
    events bigint not null,
    primary key (site, bucket, gateway, zone, type)
  ) with (fillfactor = 70)`,
  sql`insert into event_hour (site, bucket, gateway, zone, type, events)
    select site, date_bin('1 hour', time, timestamptz '2000-01-03 00:00:00+00'), gateway, zone, type, count(*)
    from event group by 1, 2, 3, 4, 5`,
  sql`drop function event_hours(timestamptz, timestamptz)`,
  // All hours that the range touches. Without a site it is no index: whoever asks names one.
  sql`create function event_hours(first_at timestamptz, last_at timestamptz)
    returns table (bucket timestamptz, site text, zone text, type text, events bigint)
    language sql stable parallel safe as $$
      select bucket, site, zone, type, events from event_hour
      where bucket >= date_bin('1 hour', first_at, timestamptz '2000-01-03 00:00:00+00') and bucket <= last_at
    $$`,
];

/**
 * Events by hour, counted when they are stored, so that a panel over a year reads hours and not events: on
 * every engine, also where there are no continuous aggregates.
 */
export async function eventHours(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
