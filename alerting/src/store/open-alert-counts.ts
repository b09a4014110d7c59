import { sql } from 'kysely';
import type { OpenAlertCount } from '../alerts/alert-cap.ts';
import type { Queryable } from './schema.ts';
import { isUnresolvedAlert } from './unresolved.ts';

/** How many unresolved alerts each of these devices has. */
export async function openAlertCounts(
  tx: Queryable,
  site: string,
  devices: readonly string[],
): Promise<Map<string, OpenAlertCount>> {
  if (devices.length === 0) return new Map();
  const rows = await tx
    .selectFrom('alert')
    .select((eb) => [
      'device',
      eb.fn.countAll<number>().as('count'),
      // Alerts of one commit opened at the same time: the one that counts already goes on counting.
      sql<string>`(array_agg(group_key order by opened_at desc, details -> 'capped' is not null desc, id desc))[1]`.as(
        'last_group',
      ),
    ])
    .where('site', '=', site)
    .where('device', 'in', [...devices])
    .where(isUnresolvedAlert)
    .groupBy('device')
    .execute();
  return new Map(
    rows.map(({ device, count, last_group }) => [device, { count: Number(count), lastGroup: last_group }]),
  );
}
