import {
  type Alert,
  type AlertState,
  type AlertTransition,
  type Disposition,
  parseSource,
  type Risk,
  severities,
  WatchpostError,
  type WatchpostEvent,
} from '@watchpost/contracts';
import { subjectOf } from './alert-subject.ts';
import { severityOf } from './rule-set.ts';

/** An alert and the steps that the latest decision added to its history. */
export interface AlertChange {
  readonly alert: Alert;
  readonly steps: readonly AlertTransition[];
}

/** The actor of steps that no person took. */
export const systemActor = 'system';

/** `open → acknowledged → (in_progress →) resolved → closed`: where an officer may lead an alert. */
const nextStates: Readonly<Record<AlertState, readonly AlertState[]>> = {
  open: ['acknowledged'],
  acknowledged: ['in_progress', 'resolved'],
  in_progress: ['resolved'],
  resolved: ['closed'],
  closed: [],
};

/** Whether events still join the alert. A resolved alert swallows nothing: the next event opens a new one. */
export function isUnresolved(state: AlertState): boolean {
  return state !== 'resolved' && state !== 'closed';
}

const rank = (alert: Pick<Alert, 'severity'>): number => severities.indexOf(alert.severity);

/**
 * Opens an alert for the first event of a group. `now` is the receipt time, RFC 3339; `condition` is `cleared` when what
 * the event says ended before the event arrived.
 */
export function openAlert(
  event: WatchpostEvent,
  gateway: Alert['gateway'],
  risk: Risk,
  id: string,
  now: string,
  condition: Alert['condition'] = 'active',
): AlertChange {
  const { site, device } = parseSource(event.source);
  const alert: Alert = {
    id,
    site,
    zone: event.subject,
    gateway,
    device,
    eventType: event.type,
    details: subjectOf(event).details,
    severity: severityOf(risk.score),
    state: 'open',
    condition,
    risk,
    eventCount: 1,
    openedAt: now,
    lastEventAt: event.time,
    updatedAt: now,
    acknowledgedBy: null,
    resolvedBy: null,
    disposition: null,
    version: 1,
  };
  return {
    alert,
    steps: [{ alert: id, from: null, to: 'open', actor: systemActor, time: now, reason: null }],
  };
}

/**
 * Joins a further event to an unresolved alert. The alert keeps the highest risk of its events. An event whose
 * `condition` is `cleared` already does not make the alert active again. A rise in severity takes back the
 * acknowledgement and what was said of it, because that was said of something smaller.
 */
export function joinEvent(
  alert: Alert,
  event: WatchpostEvent,
  risk: Risk,
  now: string,
  condition: Alert['condition'] = 'active',
): AlertChange {
  const higher = risk.score > alert.risk.score;
  const joined: Alert = {
    ...alert,
    condition: condition === 'active' ? condition : alert.condition,
    eventCount: alert.eventCount + 1,
    updatedAt: now,
    version: alert.version + 1,
    ...(event.time > alert.lastEventAt ? { lastEventAt: event.time } : {}),
    ...(higher ? { risk, severity: severityOf(risk.score), details: subjectOf(event).details } : {}),
  };
  const rose = rank(joined) > rank(alert);
  // What was acknowledged had ended; it begins anew, and nobody knows yet.
  const returned = alert.condition === 'cleared' && joined.condition === 'active';
  if (alert.state === 'open' || !(rose || returned)) return { alert: joined, steps: [] };
  return {
    alert: { ...joined, state: 'open', acknowledgedBy: null, disposition: null },
    steps: [
      {
        alert: alert.id,
        from: alert.state,
        to: 'open',
        actor: systemActor,
        time: now,
        reason: rose ? `severity rose from ${alert.severity} to ${joined.severity}` : 'the cause came back',
      },
    ],
  };
}

/** Marks that the cause no longer holds; the alert stays until a person resolves it. */
export function clearCondition(alert: Alert, now: string): Alert {
  if (alert.condition === 'cleared') return alert;
  return { ...alert, condition: 'cleared', updatedAt: now, version: alert.version + 1 };
}

/** What an officer asks for. */
export interface StepRequest {
  readonly to: AlertState;
  readonly actor: string;
  readonly now: string;
  readonly reason?: string | undefined;
  readonly disposition?: Disposition | undefined;
}

/**
 * Takes one step of the life of an alert.
 * @throws WatchpostError `alert.transition` when the state does not lead there, `alert.disposition_required` when a
 * high or critical alert is to be resolved without saying what it was.
 */
export function takeStep(alert: Alert, request: StepRequest): AlertChange {
  const { to, actor, now, reason = null, disposition } = request;
  if (!nextStates[alert.state].includes(to)) {
    throw new WatchpostError('alert.transition', { path: '/to', details: { from: alert.state, to } });
  }
  const decided = disposition ?? alert.disposition;
  if (to === 'resolved' && rank(alert) >= severities.indexOf('high') && decided === null) {
    throw new WatchpostError('alert.disposition_required', {
      path: '/disposition',
      details: { severity: alert.severity },
    });
  }
  const changed: Alert = {
    ...alert,
    state: to,
    disposition: decided,
    updatedAt: now,
    version: alert.version + 1,
    ...(to === 'acknowledged' ? { acknowledgedBy: actor } : {}),
    ...(to === 'resolved' ? { resolvedBy: actor } : {}),
  };
  return {
    alert: changed,
    steps: [{ alert: alert.id, from: alert.state, to, actor, time: now, reason }],
  };
}
