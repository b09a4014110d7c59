import type { Alert, AlertTransition } from '@watchpost/contracts/alert';
import type { AlertDetail, SnoozeRequest, UnsnoozeRequest } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { isUnresolved } from '../alerts/alert-lifecycle.ts';
import { requireSeen } from '../alerts/alert-revision.ts';
import { entriesOf } from '../alerts/change-entry.ts';
import { answerOf, lockAlert, transitionsOf, updateAlert } from '../store/alert-store.ts';
import type { ChangeLog } from '../store/change-log.ts';
import { isDangerToLife } from '../suppression/danger-to-life.ts';
import { lift, suppress } from '../suppression/suppression.ts';
import { silencePolicy } from './policy.ts';

/** Who puts off which alert. */
export interface SnoozeContext {
  readonly changes: Pick<ChangeLog, 'commit'>;
  readonly site: string;
  readonly id: Alert['id'];
  /** The name of the person. */
  readonly user: string;
  readonly nowMs: number;
}

const hourMs = 3_600_000;

/**
 * Tells nobody of an alert until an instant; its history says who wanted that. A repeat of the same request
 * changes nothing.
 * @throws WatchpostError `api.not_found`, `alert.stale`, `alert.snooze_period`, `alert.snooze_danger`,
 *   `alert.not_snoozed` for one that is resolved
 */
export function snooze(context: SnoozeContext, request: SnoozeRequest): Promise<AlertDetail> {
  const { until, reason } = request;
  return step(context, request, (alert, now) => {
    if (!isUnresolved(alert.state)) throw new WatchpostError('alert.not_snoozed', { path: '/id' });
    if (isDangerToLife(alert)) throw new WatchpostError('alert.snooze_danger');
    if (until <= now || Date.parse(until) > context.nowMs + silencePolicy.snoozeMs)
      throw new WatchpostError('alert.snooze_period', {
        path: '/until',
        details: { hours: silencePolicy.snoozeMs / hourMs },
      });
    const others = lift(alert, ({ kind }) => kind === 'snooze', now);
    const after = suppress(others, { kind: 'snooze', ref: request.id, until, by: context.user }, now);
    // One step, one version.
    const said = reason ? `: ${reason}` : '';
    return { after: { ...after, version: alert.version + 1 }, reason: `put off until ${until}${said}` };
  });
}

/**
 * Takes it back: the alert is judged as new.
 * @throws WatchpostError as {@link snooze}, `alert.not_snoozed`
 */
export function unsnooze(context: SnoozeContext, request: UnsnoozeRequest): Promise<AlertDetail> {
  return step(context, request, (alert, now) => {
    const after = lift(alert, ({ kind }) => kind === 'snooze', now);
    if (after === alert) throw new WatchpostError('alert.not_snoozed', { path: '/id' });
    return { after, reason: 'not put off any more' };
  });
}

function step(
  { changes, site, id, user, nowMs }: SnoozeContext,
  request: UnsnoozeRequest,
  decide: (alert: Alert, now: string) => { readonly after: Alert; readonly reason: string },
): Promise<AlertDetail> {
  return changes.commit(async (tx, append) => {
    // The lock first: two copies of one request at the same time become first and repeat.
    const alert = await lockAlert(tx, site, id);
    if (!alert) throw new WatchpostError('api.not_found');
    const earlier = await answerOf(tx, site, request.id);
    if (earlier && earlier.alert.id !== id)
      throw new WatchpostError('api.invalid', {
        path: '/id',
        details: { expected: 'an id not used before' },
      });
    if (earlier)
      return { alert: earlier.alert, transitions: await transitionsOf(tx, site, id, earlier.position) };
    requireSeen(alert, request.version);
    const now = new Date(nowMs).toISOString();
    const { after, reason } = decide(alert, now);
    const taken: AlertTransition = {
      ...{ alert: id, from: alert.state, to: alert.state, actor: user, time: now },
      reason: reason.slice(0, 500),
    };
    await updateAlert(tx, after);
    const [entry] = await append(entriesOf(alert, after, [taken]), request.id);
    return { alert: entry?.alert ?? after, transitions: await transitionsOf(tx, site, id) };
  });
}
