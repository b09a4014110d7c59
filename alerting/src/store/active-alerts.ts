import type { Alert, AlertEventType } from '@watchpost/contracts/alert';
import type { StoredEvent } from '@watchpost/contracts/wire';
import { sql } from 'kysely';
import { clearedGroup } from '../alerts/alert-subject.ts';
import { toAlert } from './alert-store.ts';
import type { Queryable } from './schema.ts';
import { activeOf } from './unresolved.ts';

/** Unresolved alerts of these types whose cause is present: what has to be watched again after a start. */
export async function activeAlerts(
  db: Queryable,
  site: string,
  types: readonly AlertEventType[],
): Promise<Alert[]> {
  const rows = await activeOf(db, site, types).selectAll().execute();
  return rows.map(toAlert);
}

/** Alerts that were resolved or closed at `since` or later though nothing says that their cause is over. */
export async function resolvedWhileActive(db: Queryable, site: string, since: Date): Promise<Alert[]> {
  const rows = await db
    .selectFrom('alert')
    .selectAll()
    .where('site', '=', site)
    // As the partial index names them.
    .where(sql<boolean>`state in ('resolved', 'closed')`)
    .where('done_at', '>=', since)
    .where('condition', '=', 'active')
    .execute();
  return rows.map(toAlert);
}

/** When an event ended the cause of this alert, after its last one; undefined when none did. RFC 3339. */
export async function causeClearedAt(tx: Queryable, site: string, alert: Alert): Promise<string | undefined> {
  const group = await tx
    .selectFrom('alert')
    .select('group_key')
    .where('site', '=', site)
    .where('id', '=', alert.id)
    .executeTakeFirst();
  const rows = await tx
    .selectFrom('event')
    .select(['type', 'data', 'time'])
    .where('site', '=', site)
    .where('device', '=', alert.device)
    .where('type', 'in', clearingTypes)
    .where('time', '>=', new Date(alert.lastEventAt))
    .execute();
  const source = `/sites/${site}/devices/${alert.device}`;
  const ending = rows.find(
    ({ type, data }) => clearedGroup({ type, data, source } as unknown as StoredEvent) === group?.group_key,
  );
  return ending && new Date(ending.time).toISOString();
}

const clearingTypes = [
  'watchpost.sensor.cleared.v1',
  'watchpost.tamper.cleared.v1',
  'watchpost.system.restored.v1',
];
