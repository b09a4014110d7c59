import type { Alert, AlertTransition } from '@watchpost/contracts/alert';
import type { StoredEvent } from '@watchpost/contracts/wire';
import { countCandidates } from '../candidates/count-candidates.ts';
import { correctIncidents, incidentOf } from '../places/alert-incidents.ts';
import type { AlertingPolicy } from '../policy.ts';
import { type KeyedAlert, saveAlerts } from '../store/alert-store.ts';
import { addIncidents } from '../store/place-risk-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { OpenAlertCount } from './alert-cap.ts';
import type { AlertChange } from './alert-lifecycle.ts';
import { clearedGroup, subjectOf } from './alert-subject.ts';
import { type ChangeEntry, entriesOf } from './change-entry.ts';
import { type AlertBook, type AssessedEvent, decideEvent } from './decide-event.ts';

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
  readonly #book: AlertBook;

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
    this.#book = {
      unresolved: (groupKey) => this.#unresolved.get(groupKey),
      openCount: (device) => this.#openCounts.get(device),
      clearedAt: (groupKey) => this.#clearings.get(groupKey) ?? '',
      noteClearing: (groupKey, time) => void this.#clearings.set(groupKey, time),
      keep: (groupKey, change) => this.#keep(groupKey, change),
      open: (groupKey, change, assessed) => this.#opened(groupKey, change, assessed),
    };
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
    return decideEvent(this.#book, assessed, { policy: this.#policy, newId: this.#newId });
  }

  #opened(groupKey: string, change: AlertChange, { cell, onMap }: AssessedEvent): void {
    this.#keep(groupKey, change);
    this.#cells.set(groupKey, cell);
    if (onMap) this.#onMap.add(groupKey);
    const { device } = change.alert;
    const count = (this.#openCounts.get(device)?.count ?? 0) + 1;
    this.#openCounts.set(device, { count, lastGroup: groupKey });
  }

  #keep(groupKey: string, change: AlertChange): void {
    this.#unresolved.set(groupKey, change.alert);
    this.#changed.add(groupKey);
    this.#steps.push(...change.steps);
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
