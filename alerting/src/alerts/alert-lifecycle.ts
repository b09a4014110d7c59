import {
  type Alert,
  type AlertCondition,
  type AlertState,
  type AlertTransition,
  type Disposition,
  type Risk,
  severities,
} from '@watchpost/contracts/alert';
import { WatchpostError } from '@watchpost/contracts/errors';
import { parseSource, type StoredEvent, wireLimits } from '@watchpost/contracts/wire';
import { defaultRiskPolicy, type SeverityBands } from '../risk/policy.ts';
import { severityOf } from '../risk/rule-set.ts';
import { revise } from './alert-revision.ts';
import { joinedDetails, subjectOf } from './alert-subject.ts';

/** An alert and the steps that the latest decision added to its history. */
export interface AlertChange {
  readonly alert: Alert;
  readonly steps: readonly AlertTransition[];
}

/** The actor of steps that no person took. */
export const systemActor = 'system';

/**
 * `open → acknowledged → (in_progress →) resolved → closed`, and from the last two back to `open`: where an
 * officer may lead an alert. Who acknowledged one by mistake gives it back: it is `open` again.
 */
const nextStates: Readonly<Record<AlertState, readonly AlertState[]>> = {
  open: ['acknowledged'],
  acknowledged: ['in_progress', 'resolved', 'open'],
  in_progress: ['resolved'],
  resolved: ['closed', 'open'],
  closed: ['open'],
};

/** Whether events still join the alert. A resolved alert swallows nothing: the next event opens a new one. */
export function isUnresolved(state: AlertState): boolean {
  return state !== 'resolved' && state !== 'closed';
}

const rank = (alert: Pick<Alert, 'severity'>): number => severities.indexOf(alert.severity);

/**
 * Whether a stored time is of before our own clock was set back: what is so far ahead of now is never taken
 * in. Both RFC 3339.
 */
function isAhead(time: string, now: string): boolean {
  return Date.parse(time) > Date.parse(now) + wireLimits.maxFutureMs;
}

/** Whether an event is older than what its alert was told last. */
export function isOutdated(event: Pick<StoredEvent, 'time'>, alert: Alert, now: string): boolean {
  return event.time < alert.lastEventAt && !isAhead(alert.lastEventAt, now);
}

/**
 * Opens an alert for the first event of a group. `now` is the receipt time, RFC 3339; `condition` is
 * `cleared` when what the event says ended before the event arrived; `lateMs` says how old it was, when that
 * would have kept another silent.
 */
export function openAlert(
  event: StoredEvent,
  gateway: Alert['gateway'],
  risk: Risk,
  id: string,
  now: string,
  condition: AlertCondition = 'active',
  lateMs?: number,
  severities: SeverityBands = defaultRiskPolicy.severities,
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
    severity: severityOf(risk.score, severities),
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
    changedIn: { severity: 1, state: 1, disposition: 1 },
    ...(lateMs === undefined ? {} : { lateMs: Math.max(0, Math.round(lateMs)) }),
  };
  return {
    alert,
    steps: [{ alert: id, from: null, to: 'open', actor: systemActor, time: now, reason: null }],
  };
}

/**
 * Joins a further event to an unresolved alert. The alert keeps the highest risk of its events. An event
 * whose `condition` is `cleared` already does not make the alert active again. A rise in severity takes back
 * the acknowledgement and what was said of it, because that was said of something smaller; so does a cause
 * that comes back: one that had ended, or a momentary one after `momentaryPauseMs` without it.
 */
export function joinEvent(
  alert: Alert,
  event: StoredEvent,
  risk: Risk,
  now: string,
  condition: AlertCondition = 'active',
  momentaryPauseMs: number = Number.POSITIVE_INFINITY,
  severities: SeverityBands = defaultRiskPolicy.severities,
): AlertChange {
  const higher = risk.score > alert.risk.score;
  const severity = higher ? severityOf(risk.score, severities) : alert.severity;
  const rose = rank({ severity }) > rank(alert);
  const returned =
    condition === 'momentary'
      ? Date.parse(event.time) - Date.parse(alert.lastEventAt) > momentaryPauseMs ||
        isAhead(alert.lastEventAt, now)
      : condition === 'active' && alert.condition === 'cleared';
  const isTakenBack = alert.state !== 'open' && (rose || returned);
  const joined = revise(
    alert,
    {
      condition: condition === 'cleared' ? alert.condition : condition,
      eventCount: alert.eventCount + 1,
      ...(isOutdated(event, alert, now) ? {} : { lastEventAt: event.time }),
      details: joinedDetails(alert.details, event, higher),
      ...(higher ? { risk, severity } : {}),
      ...(isTakenBack ? { state: 'open', acknowledgedBy: null, disposition: null } : {}),
    },
    now,
  );
  if (!isTakenBack) return { alert: joined, steps: [] };
  const reason = rose ? `severity rose from ${alert.severity} to ${severity}` : 'the cause came back';
  return { alert: joined, steps: [stepOf(alert, 'open', systemActor, now, reason)] };
}

/**
 * Marks that the cause no longer holds and, if known, how long it did; the alert stays until a person
 * resolves it.
 */
export function clearCondition(alert: Alert, now: string, durationMs?: number): Alert {
  if (alert.condition !== 'active') return alert;
  const details = durationMs === undefined ? alert.details : { ...alert.details, durationMs };
  return revise(alert, { condition: 'cleared', details }, now);
}

/** Nobody has said anything since it was acknowledged: it is nobody’s again. `now` is RFC 3339. */
export function takeBackForgotten(alert: Alert, now: string): AlertChange {
  const step = stepOf(alert, 'open', systemActor, now, 'the acknowledgement was forgotten');
  return { alert: revise(alert, { state: 'open', acknowledgedBy: null }, now), steps: [step] };
}

/** What an officer asks for. Without `to` it is a note, or with a disposition a correction. */
export interface StepRequest {
  readonly to?: AlertState | undefined;
  readonly actor: string;
  readonly now: string;
  readonly reason?: string | undefined;
  readonly disposition?: Disposition | undefined;
}

function stepOf(
  alert: Alert,
  to: AlertState,
  actor: string,
  time: string,
  reason: string | null,
  disposition: Disposition | null = null,
): AlertTransition {
  return { alert: alert.id, from: alert.state, to, actor, time, reason, disposition };
}

/** Says something about an alert that keeps its state: a note, or what it really was. */
function annotate(alert: Alert, { actor, now, reason, disposition }: StepRequest): AlertChange {
  if (disposition !== undefined && isUnresolved(alert.state)) {
    throw new WatchpostError('alert.transition', {
      path: '/disposition',
      details: { from: alert.state, to: alert.state },
    });
  }
  return {
    alert: revise(alert, disposition === undefined ? {} : { disposition }, now),
    steps: [stepOf(alert, alert.state, actor, now, reason ?? null, disposition ?? null)],
  };
}

/**
 * What a step changes beside the state. A reopened alert begins anew: nobody has it, nothing is said of it.
 */
function changesWith(to: AlertState, actor: string, decided: Disposition | null): Partial<Alert> {
  if (to === 'open') return { acknowledgedBy: null, resolvedBy: null, disposition: null };
  return {
    disposition: decided,
    ...(to === 'acknowledged' ? { acknowledgedBy: actor } : {}),
    ...(to === 'resolved' ? { resolvedBy: actor } : {}),
  };
}

/**
 * Takes one step of the life of an alert.
 * @throws WatchpostError `alert.transition` when the state does not lead there, `alert.disposition_required`
 *   when a
 * high or critical alert is to be resolved without saying what it was.
 */
export function takeStep(alert: Alert, request: StepRequest): AlertChange {
  const { to, actor, now, reason = null, disposition } = request;
  if (to === undefined) return annotate(alert, request);
  const isNotTheirs = to === 'open' && alert.state === 'acknowledged' && alert.acknowledgedBy !== actor;
  if (!nextStates[alert.state].includes(to) || isNotTheirs) {
    throw new WatchpostError('alert.transition', { path: '/to', details: { from: alert.state, to } });
  }
  const decided = disposition ?? alert.disposition;
  if (to === 'resolved' && rank(alert) >= severities.indexOf('high') && decided === null) {
    throw new WatchpostError('alert.disposition_required', {
      path: '/disposition',
      details: { severity: alert.severity },
    });
  }
  return {
    alert: revise(alert, { state: to, ...changesWith(to, actor, decided) }, now),
    steps: [stepOf(alert, to, actor, now, reason, to === 'open' ? null : (disposition ?? null))],
  };
}
