import type { Alert, AlertCondition, Risk } from '@watchpost/contracts/alert';
import { parseSource, type StoredEvent } from '@watchpost/contracts/wire';
import type { AlertingPolicy } from '../policy.ts';
import { countCapped, type OpenAlertCount } from './alert-cap.ts';
import { type AlertChange, clearCondition, isOutdated, joinEvent, openAlert } from './alert-lifecycle.ts';
import { clearedGroup, durationOf, subjectOf } from './alert-subject.ts';
import { causeEnd } from './condition-rules.ts';

/** An event with its assessment, and what else decides what it does to alerts. */
export interface AssessedEvent {
  readonly event: StoredEvent;
  readonly gateway: Alert['gateway'];
  readonly risk: Risk;
  /** Receipt time, RFC 3339. */
  readonly receivedAt: string;
  /** Whether it may open or join an alert. */
  readonly alerts: boolean;
  /** Whether it opens one however many its device has. */
  readonly lifeSafety: boolean;
  /** Cell of the map in which it happened. */
  readonly cell: string;
  /** Whether the map counted the event when it came, before it was known that it alerts. */
  readonly onMap?: boolean;
  /** How old the event was, when it alerts although it is old, milliseconds. */
  readonly lateMs?: number | undefined;
}

/** What is known of alerts when an event is decided, and where the decision goes. */
export interface AlertBook {
  /** The alert of the group that events still join. */
  unresolved(groupKey: string): Alert | undefined;
  openCount(device: string): OpenAlertCount | undefined;
  /** Capture time of the group’s newest clearing, RFC 3339; empty where none is known. */
  clearedAt(groupKey: string): string;
  noteClearing(groupKey: string, time: string): void;
  keep(groupKey: string, change: AlertChange): void;
  /** As `keep`, of an alert that opens. */
  open(groupKey: string, change: AlertChange, assessed: AssessedEvent): void;
}

/** How alerts are decided. */
export interface AlertDecisions {
  readonly policy: Pick<AlertingPolicy, 'risk' | 'momentaryPauseMs' | 'openAlertsPerDevice'>;
  readonly newId: () => string;
}

/**
 * Decides what one event does to alerts: it opens, joins or clears one, or nothing. The same for events that
 * come in and for such that are replayed.
 * @returns id of the alert that it belongs to now
 */
export function decideEvent(
  book: AlertBook,
  assessed: AssessedEvent,
  { policy, newId }: AlertDecisions,
): string | null {
  const { event, receivedAt } = assessed;
  const cleared = clearedGroup(event);
  if (cleared !== undefined) return clear(book, cleared, event, receivedAt);
  if (!assessed.alerts) return null;
  const { severities } = policy.risk;
  const { groupKey } = subjectOf(event);
  const alert = book.unresolved(groupKey);
  const condition = conditionOf(book, groupKey, event);
  if (alert) {
    const pauseMs = policy.momentaryPauseMs;
    book.keep(groupKey, joinEvent(alert, event, assessed.risk, receivedAt, condition, pauseMs, severities));
    return alert.id;
  }
  const capping = cappingOf(book, assessed, policy.openAlertsPerDevice);
  if (capping !== undefined) return capping;
  const { gateway, risk, lateMs } = assessed;
  const change = openAlert(event, gateway, risk, newId(), receivedAt, condition, lateMs, severities);
  book.open(groupKey, change, assessed);
  return change.alert.id;
}

/** The alert on which an event is counted that may open none, because its device has enough. */
function cappingOf(
  book: AlertBook,
  { event, receivedAt, lifeSafety }: AssessedEvent,
  atMost: number,
): string | undefined {
  const openCount = book.openCount(parseSource(event.source).device);
  if (lifeSafety || openCount === undefined || openCount.count < atMost) return undefined;
  const last = book.unresolved(openCount.lastGroup);
  if (!last) return undefined;
  book.keep(openCount.lastGroup, { alert: countCapped(last, receivedAt), steps: [] });
  return last.id;
}

function conditionOf(book: AlertBook, groupKey: string, event: StoredEvent): AlertCondition {
  if (causeEnd(event.type) === 'at_once') return 'momentary';
  // A clearing may overtake its alarm.
  return event.time <= book.clearedAt(groupKey) ? 'cleared' : 'active';
}

function clear(book: AlertBook, groupKey: string, event: StoredEvent, receivedAt: string): string | null {
  if (event.time > book.clearedAt(groupKey)) book.noteClearing(groupKey, event.time);
  const alert = book.unresolved(groupKey);
  // An older clearing that comes late says nothing about the newer alarm.
  if (!alert || isOutdated(event, alert, receivedAt)) return null;
  const cleared = clearCondition(alert, receivedAt, durationOf(event));
  if (cleared !== alert) book.keep(groupKey, { alert: cleared, steps: [] });
  return alert.id;
}
