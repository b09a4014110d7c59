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
  /**
   * The clock was set back to `at`: what was written down of later times is of hours that come again, and
   * goes.
   */
  readonly again?: boolean;
}

/** Stores changes in their order; of two at one time the later word holds. Can be repeated. */
export async function saveStatusChanges(
  db: Queryable,
  site: string,
  changes: readonly StatusChange[],
): Promise<void> {
  const rows = new Map<string, { site: string; device: string; at: string; status: DeviceStatus }>();
  for (const { device, at, status, again } of changes) {
    if (again) {
      await forgetAfter(db, site, at, device);
      for (const [key, row] of rows) if (row.device === device && row.at > at) rows.delete(key);
    }
    rows.set(`${device} ${at}`, { site, device, at, status });
  }
  await insertRows(
    db,
    'device_status',
    [...rows.values()],
    sql`on conflict (site, device, at) do update set status = excluded.status`,
  );
}

/** Takes away what was said of times after `at`, RFC 3339; of one device, or of all. */
async function forgetAfter(db: Queryable, site: string, at: string, device?: string): Promise<void> {
  let later = db.deleteFrom('device_status').where('site', '=', site).where('at', '>', new Date(at));
  if (device !== undefined) later = later.where('device', '=', device);
  await later.execute();
}

/** Notes that alerting watches the site up to `now`, RFC 3339. */
export async function noteWatched(db: Queryable, site: string, now: string): Promise<void> {
  await db.updateTable('site_clock').set({ watched_until: now }).where('site', '=', site).execute();
}

/**
 * What an earlier run said last of each device ends where that run was last seen: nobody watched since. What
 * it said of times after `now`, RFC 3339, goes: the clock was set back since.
 */
export async function endEarlierStatus(db: Queryable, site: string, now: string): Promise<void> {
  await forgetAfter(db, site, now);
  await sql`insert into device_status (site, device, at, status)
    select site, device,
      greatest(newest.at + interval '1 millisecond', least(watched_until, ${now}::timestamptz)), 'unknown'
    from site_device join site_clock using (site), lateral (select at, status from device_status
      where device_status.site = site_device.site and device_status.device = site_device.device
      order by at desc limit 1) as newest
    where site = ${site} and newest.status <> 'unknown'
    on conflict do nothing`.execute(db);
}
