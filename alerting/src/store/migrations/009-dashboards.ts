import { type Kysely, sql } from 'kysely';
import type { StoreCapabilities } from '../capabilities.ts';

/** What a dashboard cannot know from events: the site's clock, and zones in which nothing happened. */
const siteTables = [
  sql`create table site_clock (site text primary key, time_zone text not null)`,
  sql`create table site_zone (site text not null, zone text not null, primary key (site, zone))`,
];

const indexes = [
  sql`create index alert_opened on alert (site, opened_at)`,
  sql`create index reject_received on reject (site, received_at)`,
];

/**
 * Events by hour, of all hours that a time range touches. It is a function because a view can be read by its
 * hour only after all of it was counted: here an index on the time of events is used where there is no
 * continuous aggregate.
 */
function hours({ continuousAggregates }: StoreCapabilities) {
  const floor = sql`date_bin('1 hour', first_at, timestamptz '2000-01-03 00:00:00+00')`;
  const body = continuousAggregates
    ? sql`select bucket, site, zone, type, events from event_hourly
        where bucket >= ${floor} and bucket <= last_at`
    : sql`select date_bin('1 hour', time, timestamptz '2000-01-03 00:00:00+00'), site, zone, type, count(*)
        from event where time >= ${floor} and time <= last_at group by 1, 2, 3, 4`;
  return sql`create function event_hours(first_at timestamptz, last_at timestamptz)
    returns table (bucket timestamptz, site text, zone text, type text, events bigint)
    language sql stable parallel safe as $$ ${body} $$`;
}

/**
 * What Grafana's panels read beside the events, and the indexes for it; names and columns are the same in
 * every form.
 */
export function dashboards(capabilities: StoreCapabilities) {
  return async (db: Kysely<unknown>): Promise<void> => {
    const statements = [...siteTables, ...indexes, hours(capabilities)];
    for (const statement of statements) await statement.execute(db);
  };
}
