import type { Alert } from '@watchpost/contracts/alert';
import type { DueRow } from '../jobs/due-step.ts';
import type { AlertingPolicy } from '../policy.ts';
import { suppressedUntil } from '../suppression/suppression.ts';
import { isUnresolved } from './alert-lifecycle.ts';
import { causeEnd, clearsAfterMs } from './condition-rules.ts';

type DeadlinePolicy = Pick<AlertingPolicy, 'clearsAfterMs' | 'reopens'>;

/** Whether an alert is settled though its cause lasts, which only an event can end. */
export function isForgotten({ condition, state, eventType }: Alert): boolean {
  return condition === 'active' && !isUnresolved(state) && causeEnd(eventType) === 'by_event';
}

/**
 * After which time without a further event the cause of an alert counts as over; undefined where none does.
 */
function clearsAfter({ eventType, condition, state }: Alert, policy: DeadlinePolicy): number | undefined {
  return condition === 'active' && isUnresolved(state) ? clearsAfterMs(eventType, policy) : undefined;
}

/**
 * What time does to an alert as it is now: a cause that nobody ends counts as over, what is forgotten while
 * its cause lasts opens again, and what keeps people from being told of it ends. What was due for an older
 * version of it does nothing any more.
 */
export function deadlinesOf(alert: Alert, policy: DeadlinePolicy): DueRow[] {
  const { site, id: key, version } = alert;
  const clearMs = clearsAfter(alert, policy);
  // An event ahead of now is of before our own clock was set back.
  const lastMs = Math.min(Date.parse(alert.lastEventAt), Date.parse(alert.updatedAt));
  const clear: DueRow[] =
    clearMs === undefined
      ? []
      : [{ ...{ site, kind: 'alert.clear', key, version }, atMs: lastMs + clearMs, waitMs: clearMs }];
  const until = suppressedUntil(alert);
  const told: DueRow[] =
    until === undefined ? [] : [{ site, kind: 'alert.unsuppress', key, version, atMs: Date.parse(until) }];
  if (!isForgotten(alert)) return [...clear, ...told];
  const { afterMs: waitMs } = policy.reopens;
  return [
    ...clear,
    ...told,
    { ...{ site, kind: 'alert.reopen', key, version }, atMs: Date.parse(alert.updatedAt) + waitMs, waitMs },
  ];
}
