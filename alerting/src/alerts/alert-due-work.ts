import type { Alert } from '@watchpost/contracts/alert';
import type { DueHandler, DueOutcome } from '../jobs/due-handler.ts';
import type { DueKind, DueStep } from '../jobs/due-step.ts';
import { correctIncidents } from '../places/alert-incidents.ts';
import type { AlertingPolicy } from '../policy.ts';
import { endQuiet } from '../silences/end-quiet.ts';
import { activeAlerts, causeClearedAt, resolvedWhileActive } from '../store/active-alerts.ts';
import { lockFreeAlerts, unresolvedSibling, updateAlerts } from '../store/alert-store.ts';
import type { Consequence } from '../store/change-log.ts';
import { writeDue } from '../store/due-store.ts';
import type { Queryable } from '../store/schema.ts';
import { deadlinesOf, isForgotten } from './alert-deadlines.ts';
import { clearCondition, isUnresolved, systemActor, takeStep } from './alert-lifecycle.ts';
import { type ChangeEntry, entriesOf } from './change-entry.ts';
import { timedTypes } from './condition-rules.ts';

/** What {@link AlertDueWork} needs. */
export interface AlertDueWorkOptions {
  readonly site: string;
  readonly policy: Pick<AlertingPolicy, 'clearsAfterMs' | 'reopens'>;
  /** Gateways and devices that the site has: nothing else can ever say that a cause is over. */
  readonly knownSources: ReadonlySet<string>;
  /** Told when work was written, and when the soonest of it is due. */
  readonly expect?: (atMs: number) => void;
}

/** A change of an alert that a step brings about. */
interface Due {
  readonly before: Alert;
  readonly after: Alert;
  readonly entries: readonly ChangeEntry[];
}

/**
 * What time does to the alerts of one site: it is written with each change of one, and carried out when due.
 */
export class AlertDueWork {
  readonly #options: AlertDueWorkOptions;

  constructor(options: AlertDueWorkOptions) {
    this.#options = options;
  }

  /** Who carries out what. */
  get handlers(): Readonly<Record<Extract<DueKind, `alert.${string}`>, DueHandler>> {
    return {
      'alert.clear': (tx, steps, nowMs) =>
        this.#carryOut(tx, steps, async (alert) => {
          if (alert.condition !== 'active' || !isUnresolved(alert.state)) return undefined;
          const after = clearCondition(alert, new Date(nowMs).toISOString());
          return { before: alert, after, entries: entriesOf(alert, after, []) };
        }),
      'alert.reopen': (tx, steps, nowMs) =>
        this.#carryOut(tx, steps, (alert) => this.#reopen(tx, alert, new Date(nowMs).toISOString())),
      'alert.unsuppress': (tx, steps, nowMs) =>
        this.#carryOut(tx, steps, async (alert) => {
          const now = new Date(nowMs).toISOString();
          return endQuiet(alert, ({ until }) => until !== null && until <= now, now);
        }),
      'alert.rebuild': async (tx, _steps, nowMs) => {
        await this.#rebuild(tx, nowMs);
        return undefined;
      },
    };
  }

  /** Writes what is due for alerts that changed. */
  readonly write: Consequence = async (tx, entries) => {
    const { site, policy, expect } = this.#options;
    const rows = entries.flatMap(({ alert }) => (alert.site === site ? deadlinesOf(alert, policy) : []));
    if (rows.length === 0) return undefined;
    await writeDue(tx, rows);
    return expect && (() => expect(Math.min(...rows.map(({ atMs }) => atMs))));
  };

  /** Steps whose alert is no longer as it was when they were written are void. */
  async #carryOut(
    tx: Queryable,
    steps: readonly DueStep[],
    act: (alert: Alert) => Promise<Due | undefined>,
  ): Promise<DueOutcome> {
    const ids = steps.map(({ key }) => key);
    const { locked, busy } = await lockFreeAlerts(tx, this.#options.site, ids);
    const changes: Due[] = [];
    for (const { key, version } of steps) {
      const alert = locked.get(key);
      const change = alert?.version === version ? await act(alert) : undefined;
      if (change) changes.push(change);
    }
    await updateAlerts(
      tx,
      changes.map(({ after }) => after),
    );
    await correctIncidents(tx, this.#options.site, changes);
    return {
      entries: changes.flatMap(({ entries }) => entries),
      busy: steps.filter(({ key }) => busy.has(key)),
    };
  }

  /**
   * What an event reports once and another one ends (a loss, a smoke alarm, a covered lens) is said by nobody
   * a second time, and would be forgotten.
   */
  async #reopen(tx: Queryable, alert: Alert, now: string): Promise<Due | undefined> {
    const { site, knownSources } = this.#options;
    if (!isForgotten(alert) || !knownSources.has(alert.device)) return undefined;
    if ((await causeClearedAt(tx, site, alert)) !== undefined) {
      const after = clearCondition(alert, now);
      return { before: alert, after, entries: entriesOf(alert, after, []) };
    }
    // Told again already, by an alert of its own.
    if ((await unresolvedSibling(tx, site, alert.id)) !== undefined) return undefined;
    const reason = 'the cause is still present';
    const { alert: after, steps } = takeStep(alert, { to: 'open', actor: systemActor, now, reason });
    return { before: alert, after, entries: entriesOf(alert, after, steps) };
  }

  /** A version before had this in memory; what has been written since stays. */
  async #rebuild(tx: Queryable, nowMs: number): Promise<void> {
    const { site, policy, expect } = this.#options;
    const since = new Date(nowMs - policy.reopens.lookBackMs);
    const alerts = [
      ...(await activeAlerts(tx, site, timedTypes)),
      ...(await resolvedWhileActive(tx, site, since)),
    ];
    await writeDue(
      tx,
      alerts.flatMap((alert) => deadlinesOf(alert, policy)),
      true,
    );
    expect?.(nowMs);
  }
}
