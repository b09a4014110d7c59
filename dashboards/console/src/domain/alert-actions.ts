import type { Alert, AlertState, Severity, TransitionRequest } from '@watchpost/contracts';

/** A step that an officer can take. */
export type AlertAction = 'acknowledge' | 'start' | 'resolve' | 'close';

/** The state that each action leads to. */
export const targetOf: Readonly<Record<AlertAction, NonNullable<TransitionRequest['to']>>> = {
  acknowledge: 'acknowledged',
  start: 'in_progress',
  resolve: 'resolved',
  close: 'closed',
};

const actionsOfState: Readonly<Record<AlertState, readonly AlertAction[]>> = {
  open: ['acknowledge'],
  acknowledged: ['start', 'resolve'],
  in_progress: ['resolve'],
  resolved: ['close'],
  closed: [],
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
