import type { Alert, AlertState, Severity } from '@watchpost/contracts/alert';
import type { TransitionRequest } from '@watchpost/contracts/api';

/** A step that an officer can take. */
export type AlertAction = 'acknowledge' | 'start' | 'resolve' | 'close' | 'correct' | 'reopen';

/** The state that each action leads to; `correct` says anew what it was and leaves the state. */
export const targetOf: Readonly<Record<AlertAction, TransitionRequest['to']>> = {
  acknowledge: 'acknowledged',
  start: 'in_progress',
  resolve: 'resolved',
  close: 'closed',
  correct: undefined,
  reopen: 'open',
};

const actionsOfState: Readonly<Record<AlertState, readonly AlertAction[]>> = {
  open: ['acknowledge'],
  acknowledged: ['start', 'resolve'],
  in_progress: ['resolve'],
  resolved: ['close', 'correct', 'reopen'],
  closed: ['correct', 'reopen'],
};

/** The steps that lead on from a state, the usual one first. */
export function actionsFor(state: AlertState): readonly AlertAction[] {
  return actionsOfState[state];
}

const dispositionNeeded: Readonly<Record<Severity, boolean>> = {
  low: false,
  medium: false,
  high: true,
  critical: true,
};

/** Whether a resolution must say what the alert turned out to be. */
export function needsDisposition(alert: Pick<Alert, 'severity'>): boolean {
  return dispositionNeeded[alert.severity];
}

/** What a person decides by, where two versions of an alert differ in it. */
export function changesBetween(
  seen: Alert,
  now: Alert,
): readonly {
  readonly what: 'severity' | 'state' | 'disposition';
  readonly from: string;
  readonly to: string;
}[] {
  return (['severity', 'state', 'disposition'] as const).flatMap((what) =>
    seen[what] === now[what] ? [] : [{ what, from: seen[what] ?? 'none', to: now[what] ?? 'none' }],
  );
}
