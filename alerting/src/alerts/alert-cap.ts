import type { Alert } from '@watchpost/contracts/alert';
import { revise } from './alert-revision.ts';

/** How many unresolved alerts a device has, and the group of the one that opened last. */
export interface OpenAlertCount {
  readonly count: number;
  readonly lastGroup: string;
}

/**
 * Counts on the alert that opened last that its device would have opened another one: it has as many as one
 * device may have. Whatever is a danger to life opens its own, however many there are.
 */
export function countCapped(alert: Alert, now: string): Alert {
  const before = alert.details.capped;
  return revise(
    alert,
    { details: { ...alert.details, capped: typeof before === 'number' ? before + 1 : 1 } },
    now,
  );
}
