import type { Alert, AlertTransition } from '@watchpost/contracts/alert';

/**
 * What happened to an alert: it opened, took in further events or was counted on, its cause was over, or
 * somebody took a step.
 */
export type ChangeKind = 'opened' | 'joined' | 'cleared' | 'step';

/** One thing that a transaction did to an alert, for the log. */
export interface ChangeEntry {
  readonly what: ChangeKind;
  /** As it is now. */
  readonly alert: Alert;
  /** As it was before the transaction; missing for one that is new. */
  readonly before?: Alert;
  /** Missing where it is no step of its history. */
  readonly step?: AlertTransition;
}

/**
 * The entries for an alert that a transaction changed: one for each step, or one for all that was no step.
 * `before` is missing for an alert that is new.
 */
export function entriesOf(
  before: Alert | undefined,
  alert: Alert,
  steps: readonly AlertTransition[],
): ChangeEntry[] {
  const was = before === undefined ? {} : { before };
  if (steps.length > 0)
    return steps.map((step) => ({ what: step.from === null ? 'opened' : 'step', alert, ...was, step }));
  const isCleared = before?.condition === 'active' && alert.condition === 'cleared';
  return [{ what: isCleared ? 'cleared' : 'joined', alert, ...was }];
}
