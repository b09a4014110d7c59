import type { Site } from '@watchpost/contracts/site';
import type { AlertingPolicy } from '../policy.ts';
import type { Queryable } from './schema.ts';

/**
 * Writes down what dashboards need of the site's description, and how long its data is kept; what it no
 * longer names goes.
 */
export async function storeSite(
  db: Queryable,
  { id: site, timeZone, zones, devices }: Site,
  keptDays: AlertingPolicy['keptDays'],
): Promise<void> {
  const row = { time_zone: timeZone, kept_days: JSON.stringify(keptDays) };
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('site_clock')
      .values({ site, ...row })
      .onConflict((conflict) => conflict.column('site').doUpdateSet(row))
      .execute();
    await tx.deleteFrom('site_zone').where('site', '=', site).execute();
    if (zones.length > 0) {
      const rows = zones.map(({ id: zone }) => ({ site, zone }));
      await tx.insertInto('site_zone').values(rows).execute();
    }
    await tx.deleteFrom('site_device').where('site', '=', site).execute();
    if (devices.length > 0) {
      const rows = devices.map(({ id: device }) => ({ site, device }));
      await tx.insertInto('site_device').values(rows).execute();
    }
  });
}

/** How long the data of every site is kept that ever ran here; null where nobody noted it. */
export async function keptDaysBySite(
  db: Queryable,
): Promise<ReadonlyMap<string, AlertingPolicy['keptDays'] | null>> {
  const rows = await db.selectFrom('site_clock').select(['site', 'kept_days']).execute();
  return new Map(rows.map(({ site, kept_days }) => [site, kept_days]));
}
