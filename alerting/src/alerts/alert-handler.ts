import type { Alert, AlertCondition, AlertTransition, Risk } from '@watchpost/contracts/alert';
import { parseSource, type StoredEvent } from '@watchpost/contracts/wire';
import { countCandidates } from '../candidates/count-candidates.ts';
import { correctIncidents, incidentOf } from '../places/alert-incidents.ts';
import type { AlertingPolicy } from '../policy.ts';
import { type KeyedAlert, saveAlerts } from '../store/alert-store.ts';
import { addIncidents } from '../store/place-risk-store.ts';
import type { Queryable } from '../store/schema.ts';
import { countCapped, type OpenAlertCount } from './alert-cap.ts';
import { type AlertChange, clearCondition, isOutdated, joinEvent, openAlert } from './alert-lifecycle.ts';
import { clearedGroup, durationOf, subjectOf } from './alert-subject.ts';
import { type ChangeEntry, entriesOf } from './change-entry.ts';
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

/** The groups that an event could touch, to be locked before the handler is made. */
export function groupsOf(event: StoredEvent): string[] {
  const cleared = clearedGroup(event);
  return cleared === undefined ? [subjectOf(event).groupKey] : [cleared];
}

/**
 * Decides what the events of one batch do to alerts: they open, join or clear them. Holds the unresolved
 * alerts of the groups concerned, locked in the store by the caller, until {@link AlertHandler.save}.
 */
export class AlertHandler {
  readonly #unresolved: Map<string, Alert>;
  readonly #newId: () => string;
  readonly #policy: AlertingPolicy;
  readonly #openCounts: Map<string, OpenAlertCount>;
  readonly #changed = new Set<string>();
  /** Cells of the alerts that open, by group. */
  readonly #cells = new Map<string, string>();
  /** Groups whose alert opens for what the map has counted. */
  readonly #onMap = new Set<string>();
  readonly #before: ReadonlyMap<string, Alert>;
  readonly #steps: AlertTransition[] = [];
  #entries: readonly ChangeEntry[] = [];
  #mapChanged = false;
  readonly #clearings: Map<string, string>;

  /**
   * `clearings`: when each group was last cleared (capture time), as far as its alarms may be older than
   * that.
   */
  constructor(
    unresolved: ReadonlyMap<string, Alert>,
    clearings: ReadonlyMap<string, string>,
    newId: () => string,
    policy: AlertingPolicy,
    openCounts: ReadonlyMap<string, OpenAlertCount> = new Map(),
  ) {
    this.#unresolved = new Map(unresolved);
    this.#before = new Map(unresolved);
    this.#clearings = new Map(clearings);
    this.#newId = newId;
    this.#policy = policy;
    this.#openCounts = new Map(openCounts);
  }

  /** Whether what was saved changed the map. */
  get mapChanged(): boolean {
    return this.#mapChanged;
  }

  /** What was saved, for the log of changes. */
  get entries(): readonly ChangeEntry[] {
    return this.#entries;
  }

  /** Takes one event and says which alert it belongs to now. */
  handle(assessed: AssessedEvent): string | null {
    const { event, receivedAt } = assessed;
    const cleared = clearedGroup(event);
    if (cleared !== undefined) return this.#clear(cleared, event, receivedAt);
    if (!assessed.alerts) return null;
    const { severities } = this.#policy.risk;
    const { groupKey } = subjectOf(event);
    const alert = this.#unresolved.get(groupKey);
    const condition = this.#conditionOf(groupKey, event);
    if (alert) {
      const pauseMs = this.#policy.momentaryPauseMs;
      const change = joinEvent(alert, event, assessed.risk, receivedAt, condition, pauseMs, severities);
      this.#keep(groupKey, change);
      return alert.id;
    }
    const capping = this.#capping(assessed);
    if (capping !== undefined) return capping;
    const { gateway, risk, lateMs } = assessed;
    const id = this.#newId();
    const change = openAlert(event, gateway, risk, id, receivedAt, condition, lateMs, severities);
    this.#keep(groupKey, change);
    this.#cells.set(groupKey, assessed.cell);
    if (assessed.onMap) this.#onMap.add(groupKey);
    const { device } = change.alert;
    this.#openCounts.set(device, {
      count: (this.#openCounts.get(device)?.count ?? 0) + 1,
      lastGroup: groupKey,
    });
    return change.alert.id;
  }

  /** The alert on which an event is counted that may open none, because its device has enough. */
  #capping({ event, receivedAt, lifeSafety }: AssessedEvent): string | undefined {
    const openCount = this.#openCounts.get(parseSource(event.source).device);
    if (lifeSafety || openCount === undefined || openCount.count < this.#policy.openAlertsPerDevice)
      return undefined;
    const last = this.#unresolved.get(openCount.lastGroup);
    if (!last) return undefined;
    this.#keep(openCount.lastGroup, { alert: countCapped(last, receivedAt), steps: [] });
    return last.id;
  }

  #conditionOf(groupKey: string, event: StoredEvent): AlertCondition {
    if (causeEnd(event.type) === 'at_once') return 'momentary';
    // A clearing may overtake its alarm.
    return event.time <= (this.#clearings.get(groupKey) ?? '') ? 'cleared' : 'active';
  }

  #keep(groupKey: string, change: AlertChange): void {
    this.#unresolved.set(groupKey, change.alert);
    this.#changed.add(groupKey);
    this.#steps.push(...change.steps);
  }

  #clear(groupKey: string, event: StoredEvent, receivedAt: string): string | null {
    if (event.time > (this.#clearings.get(groupKey) ?? '')) this.#clearings.set(groupKey, event.time);
    const alert = this.#unresolved.get(groupKey);
    // An older clearing that comes late says nothing about the newer alarm.
    if (!alert || isOutdated(event, alert, receivedAt)) return null;
    const cleared = clearCondition(alert, receivedAt, durationOf(event));
    if (cleared !== alert) this.#keep(groupKey, { alert: cleared, steps: [] });
    return alert.id;
  }

  /** Writes the changes and returns the alerts as they are now. */
  async save(tx: Queryable): Promise<Alert[]> {
    const changed = [...this.#changed].flatMap((groupKey): KeyedAlert[] => {
      const alert = this.#unresolved.get(groupKey);
      return alert ? [{ alert, groupKey, cell: this.#cells.get(groupKey) ?? null }] : [];
    });
    await saveAlerts(tx, changed);
    this.#entries = changed.flatMap(({ alert, groupKey }) => {
      const steps = this.#steps.filter((step) => step.alert === alert.id);
      return entriesOf(this.#before.get(groupKey), alert, steps);
    });
    await this.#record(tx, changed);
    return changed.map(({ alert }) => alert);
  }

  /**
   * One incident for each alert that opened, on the map; what took a disposition back counts again. Face
   * candidates count in the threshold report.
   */
  async #record(tx: Queryable, changed: readonly KeyedAlert[]): Promise<void> {
    const opened = changed.flatMap(({ alert, groupKey, cell }) =>
      cell && !this.#onMap.has(groupKey) ? (incidentOf(alert, cell) ?? []) : [],
    );
    const [first] = changed;
    if (!first) return;
    await addIncidents(tx, first.alert.site, opened);
    await countCandidates(
      tx,
      changed.map(({ alert, groupKey }) => ({ before: this.#before.get(groupKey), after: alert })),
    );
    const corrected = changed.flatMap(({ alert, groupKey }) => {
      const before = this.#before.get(groupKey);
      return before ? [{ before, after: alert }] : [];
    });
    await correctIncidents(tx, first.alert.site, corrected);
    this.#mapChanged =
      opened.length > 0 || corrected.some(({ before, after }) => before.disposition !== after.disposition);
  }
}
