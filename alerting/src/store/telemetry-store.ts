import type { Measurement } from '@watchpost/contracts/wire';
import { sql } from 'kysely';
import { insertRows } from './json-rows.ts';
import type { Queryable } from './schema.ts';

/** Stores measurements; a repeat of the same device, metric and time changes nothing. */
export async function insertTelemetry(
  tx: Queryable,
  site: string,
  gateway: string,
  measurements: readonly Measurement[],
): Promise<void> {
  if (measurements.length === 0) return;
  const rows = measurements.map(({ timeMs, device, metric, unit, value }) => ({
    time: new Date(timeMs).toISOString(),
    site,
    gateway,
    device,
    metric,
    unit,
    value,
  }));
  await insertRows(tx, 'telemetry', rows, sql`on conflict do nothing`);
}
