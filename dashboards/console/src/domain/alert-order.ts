import type { Alert, AlertState, Severity } from '@watchpost/contracts';

/** How loud a severity is; larger is worse. */
export const severityRank: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2, critical: 3 };

/** Where an alert stands for the officer: nobody took it, somebody works on it, or it is over. */
export type Attention = 'waiting' | 'in_work' | 'done';
export const attentions: readonly Attention[] = ['waiting', 'in_work', 'done'];

const attentionOfState: Readonly<Record<AlertState, Attention>> = {
  open: 'waiting',
  acknowledged: 'in_work',
  in_progress: 'in_work',
  resolved: 'done',
  closed: 'done',
};

export function attentionOf(state: AlertState): Attention {
  return attentionOfState[state];
}

// RFC 3339 in UTC with a fixed number of digits sorts as text.
const newestFirst = (left: string, right: string) => (left < right ? 1 : left > right ? -1 : 0);

/**
 * The worst first, then what opened last; ties by id. By the opening and not by the last event, because rows that
 * change places with every further event cannot be pressed.
 */
export function compareUrgency(left: Alert, right: Alert): number {
  return (
    severityRank[right.severity] - severityRank[left.severity] ||
    newestFirst(left.openedAt, right.openedAt) ||
    newestFirst(left.id, right.id)
  );
}

/** The list as the officer reads it: waiting and in work by urgency, done by when it was done. */
export function groupAlerts(alerts: readonly Alert[]): Readonly<Record<Attention, readonly Alert[]>> {
  const of = (attention: Attention) => alerts.filter((alert) => attentionOf(alert.state) === attention);
  return {
    waiting: of('waiting').sort(compareUrgency),
    in_work: of('in_work').sort(compareUrgency),
    done: of('done').sort(
      (left, right) => newestFirst(left.updatedAt, right.updatedAt) || newestFirst(left.id, right.id),
    ),
  };
}

/** How many alerts wait, by severity. */
export function countWaiting(alerts: readonly Alert[]): Readonly<Record<Severity, number>> {
  const counts = { low: 0, medium: 0, high: 0, critical: 0 };
  for (const alert of alerts) if (alert.state === 'open') counts[alert.severity] += 1;
  return counts;
}
