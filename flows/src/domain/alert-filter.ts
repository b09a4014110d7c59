import { type Severity, severities } from '@watchpost/contracts/alert';
import type { AlertChange } from './alert-book.ts';

/** What one node asks for. */
export interface AlertFilter {
  readonly minSeverity: Severity;
  /** Empty: every type. */
  readonly eventTypes: readonly string[];
  /** `new`: an alert once, when it opens or rises to `minSeverity`; `all`: every change. */
  readonly changes: 'new' | 'all';
  /** Also alerts that were there before. */
  readonly existing: boolean;
}

const rank = (severity: Severity): number => severities.indexOf(severity);

/** Whether a node with this filter reports the change. */
export function wanted(filter: AlertFilter, change: AlertChange): boolean {
  const { alert, previousSeverity } = change;
  const least = rank(filter.minSeverity);
  const typed = filter.eventTypes.length === 0 || filter.eventTypes.includes(alert.eventType);
  if (!typed || rank(alert.severity) < least) return false;
  if (change.change === 'existing') return filter.existing;
  if (filter.changes === 'all' || change.change === 'opened') return true;
  return change.change === 'changed' && previousSeverity !== undefined && rank(previousSeverity) < least;
}
