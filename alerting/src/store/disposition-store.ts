import { countsAs, type DispositionCounts, noDispositions } from '../risk/device-trust.ts';
import type { Queryable } from './schema.ts';

/** Whose alerts, about which kind of event (`kindOf`). */
export interface DispositionKey {
  readonly device: string;
  readonly kind: string;
}

/** The key of a device and kind in what {@link dispositionCounts} gives. */
export const dispositionKey = ({ device, kind }: DispositionKey): string => `${device} ${kind}`;

/**
 * How earlier alerts of these devices turned out, by {@link dispositionKey}. Reads the small table that a
 * trigger keeps, so the number of past alerts costs nothing.
 */
export async function dispositionCounts(
  tx: Queryable,
  site: string,
  devices: readonly string[],
): Promise<Map<string, DispositionCounts>> {
  if (devices.length === 0) return new Map();
  const rows = await tx
    .selectFrom('device_disposition')
    .selectAll()
    .where('site', '=', site)
    .where('device', 'in', devices)
    .execute();
  const counts = new Map<string, DispositionCounts>();
  for (const { device, kind, disposition, alerts } of rows) {
    const counted = countsAs(disposition);
    if (counted === undefined) continue;
    const key = dispositionKey({ device, kind });
    const sofar = counts.get(key) ?? noDispositions;
    counts.set(key, { ...sofar, [counted]: sofar[counted] + alerts });
  }
  return counts;
}
