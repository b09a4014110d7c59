import { type Kysely, sql } from 'kysely';
import type { StoreCapabilities } from '../capabilities.ts';

/**
 * `time_bucket` where TimescaleDB is absent. It lives in a schema of its own at the end of the search path,
 * so that the extension can still be installed later. Weeks begin on Monday, as TimescaleDB's do.
 */
const compatibility = [
  sql`create schema if not exists watchpost_compat`,
  sql`create or replace function watchpost_compat.time_bucket(bucket_width interval, ts timestamptz)
    returns timestamptz language sql immutable parallel safe strict
    return date_bin(bucket_width, ts, timestamptz '2000-01-03 00:00:00+00')`,
  // For readers with their own connection (Grafana); needs to own the database, and is a convenience only.
  sql`do $$ begin
    execute format('alter database %I set search_path = "$user", public, watchpost_compat', current_database());
    exception when insufficient_privilege then null; end $$`,
];

const hypertables = [
  sql`select create_hypertable('event', by_range('time', interval '1 day'), create_default_indexes => false)`,
  sql`select create_hypertable('telemetry', by_range('time', interval '1 day'), create_default_indexes => false)`,
];

const indexes = [
  sql`create index event_newest on event (site, time desc)`,
  sql`create index event_of_device on event (device, time desc)`,
  sql`create index telemetry_newest on telemetry (time desc)`,
];

const compression = [
  sql`alter table event set (timescaledb.compress, timescaledb.compress_segmentby = 'gateway')`,
  sql`alter table telemetry set (timescaledb.compress, timescaledb.compress_segmentby = 'device, metric')`,
];

const hourly = sql`select time_bucket('1 hour', time) as bucket, site, zone, type,
  count(*) as events, sum(risk) as risk_sum, max(risk) as risk_max
  from event group by 1, 2, 3, 4`;

/**
 * What new databases kept before retention was a job of ours (`keptDays` of policy.ts); that job removes
 * these policies.
 */
const retentionDays = { event: 400, telemetry: 30 } as const;

const policies = [
  sql`select add_compression_policy('event', interval '7 days')`,
  sql`select add_compression_policy('telemetry', interval '2 days')`,
  sql`select add_retention_policy('event', ${sql.lit(`${retentionDays.event} days`)}::interval)`,
  sql`select add_retention_policy('telemetry', ${sql.lit(`${retentionDays.telemetry} days`)}::interval)`,
  sql`select add_continuous_aggregate_policy('event_hourly', start_offset => interval '7 days',
    end_offset => interval '1 hour', schedule_interval => interval '30 minutes')`,
];

/**
 * Gives the time series their best form that the database offers; names and columns are the same in every
 * form.
 */
export function timeSeries(capabilities: StoreCapabilities) {
  return async (db: Kysely<unknown>): Promise<void> => {
    const aggregate = capabilities.continuousAggregates
      ? sql`create materialized view event_hourly
          with (timescaledb.continuous, timescaledb.materialized_only = false) as ${hourly} with no data`
      : sql`create view event_hourly as ${hourly}`;
    const statements = [
      ...(capabilities.hypertables ? hypertables : compatibility),
      ...(capabilities.hypertables ? [] : [sql`set local search_path = "$user", public, watchpost_compat`]),
      ...indexes,
      ...(capabilities.compression ? compression : []),
      aggregate,
      ...(capabilities.policies ? policies : []),
    ];
    for (const statement of statements) await statement.execute(db);
  };
}
