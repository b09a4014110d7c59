import type { Site } from '@watchpost/contracts/site';
import type { Queryable } from './schema.ts';

/** Writes down what dashboards need of the site's description; what it no longer names goes. */
export async function storeSite(db: Queryable, { id: site, timeZone, zones, devices }: Site): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('site_clock')
      .values({ site, time_zone: timeZone })
      .onConflict((conflict) => conflict.column('site').doUpdateSet({ time_zone: timeZone }))
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
