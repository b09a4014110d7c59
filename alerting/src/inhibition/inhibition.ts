import type { Alert } from '@watchpost/contracts/alert';
import { isUnresolved } from '../alerts/alert-lifecycle.ts';
import { type ChangeEntry, entriesOf } from '../alerts/change-entry.ts';
import type { DueHandler } from '../jobs/due-handler.ts';
import type { DueStep } from '../jobs/due-step.ts';
import { updateAlerts } from '../store/alert-store.ts';
import type { Consequence } from '../store/change-log.ts';
import { writeDue } from '../store/due-store.ts';
import { alertsHiddenBy, holdCauses, isCauseActive } from '../store/inhibition-store.ts';
import type { Queryable } from '../store/schema.ts';
import { lift, withSuppressions } from '../suppression/suppression.ts';
import type { SuppressionRule } from '../suppression/suppression-rules.ts';
import { inhibitionPolicy, inhibitions } from './policy.ts';

/** What {@link Inhibition} needs. */
export interface InhibitionOptions {
  readonly site: string;
  readonly nowMs: () => number;
  /** Told when work was written, and when it is due. */
  readonly expect?: (atMs: number) => void;
}

const causeTypes = inhibitions.map(({ cause }) => cause);
const isOn = ({ state, condition }: Alert): boolean => isUnresolved(state) && condition === 'active';

/** The cause behind which an alert is hidden, of those that last; the furthest one. */
export function causeOf(alert: Alert, causes: readonly Alert[]): Alert | undefined {
  for (const { cause, reach, hides } of inhibitions) {
    if (!hides.includes(alert.eventType)) continue;
    const found = causes.find(
      (one) =>
        one.eventType === cause &&
        one.id !== alert.id &&
        isOn(one) &&
        (reach === 'site' || one.gateway === alert.gateway),
    );
    if (found) return found;
  }
  return undefined;
}

/**
 * While a cause is open, nobody is told of what follows from it: alerts hidden behind it are counted and say
 * so. When it ends, each of them is judged as new. All of it is in the database, so a restart changes
 * nothing.
 */
export class Inhibition {
  readonly #options: InhibitionOptions;

  constructor(options: InhibitionOptions) {
    this.#options = options;
  }

  /** Hides alerts that change behind causes that last. */
  readonly rule: SuppressionRule = async (tx, alerts) => {
    const { site } = this.#options;
    const possible = alerts.some(
      ({ after }) =>
        after.site === site &&
        isUnresolved(after.state) &&
        inhibitions.some(({ hides }) => hides.includes(after.eventType)),
    );
    if (!possible) return alerts.map(({ after }) => after);
    const causes = await holdCauses(tx, site, causeTypes);
    return alerts.map(({ after }) => {
      if (after.site !== site || !isUnresolved(after.state)) return after;
      const cause = causeOf(after, causes);
      const known = after.suppressions ?? [];
      const others = known.filter(({ kind }) => kind !== 'inhibition');
      if (!cause) return others.length === known.length ? after : withSuppressions(after, others);
      if (known.some(({ kind, ref }) => kind === 'inhibition' && ref === cause.id)) return after;
      return withSuppressions(after, [
        ...others,
        { kind: 'inhibition', ref: cause.id, until: null, by: null },
      ]);
    });
  };

  /** Writes, with the end of a cause, that what it hid is to be judged. */
  readonly write: Consequence = async (tx, entries) => {
    const { site, nowMs, expect } = this.#options;
    const atMs = nowMs();
    const ended = entries.filter(
      ({ before, alert }) =>
        alert.site === site && causeTypes.includes(alert.eventType) && before && isOn(before) && !isOn(alert),
    );
    if (ended.length === 0) return undefined;
    await writeDue(
      tx,
      ended.map(({ alert: { id: key, version } }) => ({
        ...{ site, kind: 'inhibition.end' as const, key, version, atMs },
        waitMs: 0,
      })),
    );
    return expect && (() => expect(atMs));
  };

  /** Judges what was hidden behind causes that are over. */
  readonly judgeHidden: DueHandler = async (tx, steps, nowMs) => {
    const now = new Date(nowMs).toISOString();
    const entries: ChangeEntry[] = [];
    const busy: DueStep[] = [];
    for (const step of steps) {
      const isDone = await this.#lift(tx, step.key, now, entries);
      if (!isDone) busy.push(step);
    }
    return { entries, busy };
  };

  /** Whether nothing is left behind the cause. */
  async #lift(tx: Queryable, cause: string, now: string, entries: ChangeEntry[]): Promise<boolean> {
    const { site } = this.#options;
    if (await isCauseActive(tx, site, cause)) return true;
    const { judgedAtOnce } = inhibitionPolicy;
    const { free, isMore } = await alertsHiddenBy(tx, site, cause, judgedAtOnce);
    const lifted = free.map((before) => ({
      before,
      after: lift(before, ({ kind, ref }) => kind === 'inhibition' && ref === cause, now),
    }));
    await updateAlerts(
      tx,
      lifted.map(({ after }) => after),
    );
    for (const { before, after } of lifted) entries.push(...entriesOf(before, after, []));
    return !isMore;
  }
}
