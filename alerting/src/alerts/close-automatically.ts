import type { Alert } from '@watchpost/contracts/alert';
import { appendTransitions, lockAlert, updateAlert } from '../store/alert-store.ts';
import type { Queryable } from '../store/schema.ts';
import { systemActor, takeStep } from './alert-lifecycle.ts';

/** Closes an alert that was resolved long ago and that nobody closed. */
export async function closeAutomatically(
  db: Queryable,
  site: string,
  id: Alert['id'],
  nowMs: number,
): Promise<Alert | undefined> {
  return db.transaction().execute(async (tx) => {
    const alert = await lockAlert(tx, site, id);
    if (alert?.state !== 'resolved') return undefined;
    const now = new Date(nowMs).toISOString();
    const change = takeStep(alert, { to: 'closed', actor: systemActor, now, reason: 'resolved long ago' });
    await updateAlert(tx, change.alert);
    await appendTransitions(tx, change.steps);
    return change.alert;
  });
}
