import type { ChangeEntry } from '../alerts/change-entry.ts';
import type { Queryable } from '../store/schema.ts';
import type { DueStep } from './due-step.ts';

/** What became of steps. */
export interface DueOutcome {
  /** What happened to alerts. */
  readonly entries?: readonly ChangeEntry[];
  /** Steps that found somebody else at work on the same thing: they are due again at once. */
  readonly busy?: readonly DueStep[];
  /** Runs once all of it is committed. Must not throw. */
  readonly afterwards?: () => void;
}

/**
 * Carries out steps of one site and kind in the transaction that took them. It waits for no lock: whoever
 * changes the same thing may be waiting for a row that this transaction holds. When it throws, nothing of it
 * has happened, and each step is tried apart from the others.
 */
export type DueHandler = (
  tx: Queryable,
  steps: readonly DueStep[],
  nowMs: number,
) => Promise<DueOutcome | undefined>;
