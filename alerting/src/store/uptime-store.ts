import { sql } from 'kysely';
import { insertRows } from './json-rows.ts';
import type { Queryable } from './schema.ts';

/** `unknown`: alerting itself did not run, had no broker, or has not heard of the device yet. */
export type DeviceStatus = 'up' | 'down' | 'unknown';

/** A device has this status from a time on, RFC 3339. */
export interface StatusChange {
  readonly device: string;
  readonly at: string;
  readonly status: DeviceStatus;
}

/** Stores changes; of two at one time the later word holds. Can be repeated. */
export async function saveStatusChanges(
  db: Queryable,
  site: string,
  changes: readonly StatusChange[],
): Promise<void> {
  const rows = new Map(changes.map((change) => [`${change.device} ${change.at}`, { site, ...change }]));
  await insertRows(
    db,
    'device_status',
    [...rows.values()],
    sql`on conflict (site, device, at) do update set status = excluded.status`,
  );
}

/** Notes that alerting watches the site up to `now`, RFC 3339. */
export async function noteWatched(db: Queryable, site: string, now: string): Promise<void> {
  await db.updateTable('site_clock').set({ watched_until: now }).where('site', '=', site).execute();
}

/** What an earlier run said last of each device ends where that run was last seen: nobody watched since. */
export async function endEarlierStatus(db: Queryable, site: string): Promise<void> {
  await sql`insert into device_status (site, device, at, status)
    select site, device, greatest(newest.at + interval '1 millisecond', watched_until), 'unknown'
    from site_device join site_clock using (site), lateral (select at, status from device_status
      where device_status.site = site_device.site and device_status.device = site_device.device
      order by at desc limit 1) as newest
    where site = ${site} and newest.status <> 'unknown'
    on conflict do nothing`.execute(db);
}
