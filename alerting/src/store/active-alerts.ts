import type { Alert, AlertEventType } from '@watchpost/contracts';
import { toAlert } from './alert-store.ts';
import type { Queryable } from './schema.ts';

/** Unresolved alerts of these types whose cause is present: what has to be watched again after a start. */
export async function activeAlerts(
  db: Queryable,
  site: string,
  types: readonly AlertEventType[],
): Promise<Alert[]> {
  const rows = await db
    .selectFrom('alert')
    .selectAll()
    .where('site', '=', site)
    .where('state', 'in', ['open', 'acknowledged', 'in_progress'])
    .where('condition', '=', 'active')
    .where('event_type', 'in', [...types])
    .execute();
  return rows.map(toAlert);
}
