import { WatchpostError } from '@watchpost/contracts/errors';
import { type Migration, Migrator } from 'kysely/migration';
import type { StoreCapabilities } from './capabilities.ts';
import { up as first } from './migrations/001-first.ts';
import { timeSeries } from './migrations/002-time-series.ts';
import { up as time } from './migrations/003-time.ts';
import { up as alerts } from './migrations/004-alerts.ts';
import { up as costOfACommit } from './migrations/005-cost-of-a-commit.ts';
import { up as alertQueue } from './migrations/006-alert-queue.ts';
import { doors } from './migrations/007-doors.ts';
import { up as joinsStayInTheirPage } from './migrations/008-joins-stay-in-their-page.ts';
import { dashboards } from './migrations/009-dashboards.ts';
import { uptime } from './migrations/010-uptime.ts';
import { eventHours } from './migrations/011-event-hours.ts';
import { alertChange } from './migrations/012-alert-change.ts';
import type { Queryable } from './schema.ts';

function migrations(capabilities: StoreCapabilities): Record<string, Migration> {
  return {
    '001-first': { up: first },
    '002-time-series': { up: timeSeries(capabilities) },
    '003-time': { up: time },
    '004-alerts': { up: alerts },
    '005-cost-of-a-commit': { up: costOfACommit },
    '006-alert-queue': { up: alertQueue },
    '007-doors': { up: doors },
    '008-joins-stay-in-their-page': { up: joinsStayInTheirPage },
    '009-dashboards': { up: dashboards(capabilities) },
    '010-uptime': { up: uptime },
    '011-event-hours': { up: eventHours },
    '012-alert-change': { up: alertChange },
  };
}

/**
 * Brings the database to this version's shape. All pending migrations run in one transaction, so a failure
 * changes nothing.
 * @throws WatchpostError `store.migration`
 */
export async function migrate(db: Queryable, capabilities: StoreCapabilities): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations(capabilities) },
    // Migrations are numbered by those who make them side by side; none depends on another of the same
    // release.
    allowUnorderedMigrations: true,
    migrationTableName: 'watchpost_migration',
    migrationLockTableName: 'watchpost_migration_lock',
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error');
  throw new WatchpostError('store.migration', {
    cause: error,
    details: { migration: failed?.migrationName ?? 'unknown' },
  });
}
