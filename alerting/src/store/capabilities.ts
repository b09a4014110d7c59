import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/**
 * What the database offers beyond PostgreSQL. Detected once at start; nothing but the migrations and jobs
 * asks.
 */
export interface StoreCapabilities {
  /** TimescaleDB of any edition is there. */
  readonly hypertables: boolean;
  /** Community edition. */
  readonly continuousAggregates: boolean;
  readonly compression: boolean;
  /** Policies run by themselves; they need background workers, which the embedded database has not. */
  readonly policies: boolean;
}

/**
 * What of it the tables were built with: an extension that came after the first start changes nothing until
 * the data is moved to a fresh database.
 */
export async function builtCapabilities(
  db: Queryable,
  offered: StoreCapabilities,
): Promise<StoreCapabilities> {
  if (!offered.hypertables) return offered;
  const { rows } = await sql<{ hypertables: number; aggregates: number }>`select
    (select count(*) from timescaledb_information.hypertables
      where hypertable_schema = current_schema() and hypertable_name in ('event', 'telemetry')) as hypertables,
    (select count(*) from timescaledb_information.continuous_aggregates
      where view_schema = current_schema() and view_name = 'event_hourly') as aggregates`.execute(db);
  const hasAggregate = rows[0]?.aggregates === 1;
  return {
    hypertables: rows[0]?.hypertables === 2,
    continuousAggregates: offered.continuousAggregates && hasAggregate,
    compression: offered.compression && hasAggregate,
    policies: offered.policies && hasAggregate,
  };
}

/** How the capabilities and versions are shown on the health page. */
export interface StoreDescription {
  readonly capabilities: StoreCapabilities;
  readonly postgresVersion: string;
  readonly timescaleVersion: string | null;
}

/**
 * Makes the extension where it is installed but not yet created. The right to do so is often missing on a
 * managed server; then the plain forms are used.
 */
async function createExtension(db: Queryable): Promise<void> {
  const available = await sql<{ installed: string | null }>`
    select installed_version as installed from pg_available_extensions where name = 'timescaledb'`.execute(
    db,
  );
  if (available.rows[0] && available.rows[0].installed === null) {
    await sql`create extension if not exists timescaledb`.execute(db).catch(() => undefined);
  }
}

/** Looks at the database. `backgroundWorkers`: whether its process can run any. */
export async function describeDatabase(db: Queryable, backgroundWorkers: boolean): Promise<StoreDescription> {
  await createExtension(db);
  const { rows } = await sql<{ postgres: string; timescale: string | null; license: string | null }>`
    select current_setting('server_version') as postgres,
      (select extversion from pg_extension where extname = 'timescaledb') as timescale,
      current_setting('timescaledb.license', true) as license`.execute(db);
  const row = rows[0];
  const hypertables = row !== undefined && row.timescale !== null;
  // The Apache edition has the community functions too, and they raise an error when they are called.
  const community = hypertables && row.license === 'timescale';
  return {
    capabilities: {
      hypertables,
      continuousAggregates: community,
      compression: community,
      policies: community && backgroundWorkers,
    },
    postgresVersion: row?.postgres ?? 'unknown',
    timescaleVersion: row?.timescale ?? null,
  };
}
