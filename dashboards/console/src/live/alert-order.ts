import type { Alert, AlertState, Severity } from '@watchpost/contracts/alert';
import type { AlertCounts } from '@watchpost/contracts/api';

/** How loud a severity is; larger is worse. */
export const severityRank: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2, critical: 3 };

/** Where an alert stands for the officer: nobody took it, somebody works on it, or it is over. */
export type Attention = 'waiting' | 'in_work' | 'done';
export const attentions: readonly Attention[] = ['waiting', 'in_work', 'done'];

/** Closed alerts are in none of the three: they are history. */
const attentionOfState: Readonly<Record<AlertState, Attention | undefined>> = {
  open: 'waiting',
  acknowledged: 'in_work',
  in_progress: 'in_work',
  resolved: 'done',
  closed: undefined,
};

export function attentionOf(state: AlertState): Attention | undefined {
  return attentionOfState[state];
}

/** How many alerts stand there, as the server counts them. */
export function countIn(attention: Attention, { byState }: AlertCounts): number {
  if (attention === 'waiting') return byState.open;
  return attention === 'done' ? byState.resolved : byState.acknowledged + byState.in_progress;
}

// RFC 3339 in UTC with a fixed number of digits sorts as text.
const upwards = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);

/**
 * The order of the queue, the same as the server's: worst severity, highest risk, opened first, id. The
 * number that is shown is the number that ranks; and an alert does not move because a further event like the
 * others joined it.
 */
export function compareUrgency(left: Alert, right: Alert): number {
  return (
    severityRank[right.severity] - severityRank[left.severity] ||
    right.risk.score - left.risk.score ||
    upwards(left.openedAt, right.openedAt) ||
    upwards(left.id, right.id)
  );
}

/** What is over: done last comes first. */
export function compareDone(left: Alert, right: Alert): number {
  return upwards(right.updatedAt, left.updatedAt) || upwards(right.id, left.id);
}

/** The order in which alerts stand there. */
export const orderIn: Readonly<Record<Attention, (left: Alert, right: Alert) => number>> = {
  waiting: compareUrgency,
  in_work: compareUrgency,
  done: compareDone,
};
