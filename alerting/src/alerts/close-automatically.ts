import type { Alert } from '@watchpost/contracts/alert';
import { lockAlert, updateAlert } from '../store/alert-store.ts';
import type { ChangeLog } from '../store/change-log.ts';
import { systemActor, takeStep } from './alert-lifecycle.ts';
import { entriesOf } from './change-entry.ts';

/** Closes an alert that was resolved long ago and that nobody closed. */
export async function closeAutomatically(
  changes: Pick<ChangeLog, 'commit'>,
  site: string,
  id: Alert['id'],
  nowMs: number,
): Promise<Alert | undefined> {
  return changes.commit(async (tx, append) => {
    const alert = await lockAlert(tx, site, id);
    if (alert?.state !== 'resolved') return undefined;
    const now = new Date(nowMs).toISOString();
    const change = takeStep(alert, { to: 'closed', actor: systemActor, now, reason: 'resolved long ago' });
    await updateAlert(tx, change.alert);
    await append(entriesOf(alert, change.alert, change.steps));
    return change.alert;
  });
}
