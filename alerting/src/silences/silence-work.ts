import type { ChangeEntry } from '../alerts/change-entry.ts';
import { entriesOf } from '../alerts/change-entry.ts';
import { zoneClock } from '../duty/zone-clock.ts';
import type { DueHandler } from '../jobs/due-handler.ts';
import type { DueKind, DueRow, DueStep } from '../jobs/due-step.ts';
import { correctIncidents } from '../places/alert-incidents.ts';
import { lockFreeAlerts, updateAlerts } from '../store/alert-store.ts';
import { writeDue } from '../store/due-store.ts';
import type { Queryable } from '../store/schema.ts';
import { alertsToApply, silenceToApply, writeOwnNotices } from '../store/silence-store.ts';
import { suppress } from '../suppression/suppression.ts';
import { endQuiet, type Quieted } from './end-quiet.ts';
import { silencePolicy } from './policy.ts';
import { covers, holdsUntil, matchInForce, type StoredSilence, suppressionBy, windowAt } from './silence.ts';
import { silenceSubject } from './silence-notice.ts';

/** What {@link SilenceWork} needs. */
export interface SilenceWorkOptions {
  readonly site: string;
  /** Told when work was written, and when it is due. */
  readonly expect?: (atMs: number) => void;
  /** Told that notices wait to be sent. */
  readonly noticesWritten?: () => void;
}

/** When the author of a silence is told that it ends, milliseconds since the Unix epoch. */
export function noticeAt({ from, until }: Pick<StoredSilence, 'from' | 'until'>): number {
  const untilMs = Date.parse(until);
  return untilMs - Math.min(silencePolicy.noticeMs, Math.round((untilMs - Date.parse(from)) / 4));
}

/**
 * What is due for a silence that was made or changed: it is applied now, and its author told before its end.
 */
export function dueOf(silence: StoredSilence, nowMs: number): DueRow[] {
  const { site, id: key, version, ended } = silence;
  const apply: DueRow = { site, kind: 'silence.apply', key, version, atMs: nowMs };
  if (ended !== null) return [apply];
  return [apply, { site, kind: 'silence.notice', key, version, atMs: Math.max(nowMs, noticeAt(silence)) }];
}

/** Applies the silences of a site to the alerts that are there, when their time comes or they are changed. */
export class SilenceWork {
  readonly #options: SilenceWorkOptions;

  constructor(options: SilenceWorkOptions) {
    this.#options = options;
  }

  /** Who carries out what. */
  get handlers(): Readonly<Partial<Record<DueKind, DueHandler>>> {
    return {
      'silence.apply': async (tx, steps, nowMs) => {
        const entries: ChangeEntry[] = [];
        const busy: DueStep[] = [];
        for (const step of steps) {
          const applied = await this.#apply(tx, step, nowMs);
          if (applied === 'busy') busy.push(step);
          else entries.push(...applied);
        }
        return { entries, busy };
      },
      'silence.notice': async (tx, steps, nowMs) => {
        const busy: DueStep[] = [];
        for (const step of steps) if ((await this.#tell(tx, step, nowMs)) === 'busy') busy.push(step);
        return { busy };
      },
    };
  }

  async #apply(tx: Queryable, step: DueStep, nowMs: number): Promise<readonly ChangeEntry[] | 'busy'> {
    const { site } = this.#options;
    const silence = await silenceToApply(tx, site, step.key);
    if (silence === 'busy') return 'busy';
    if (!silence) return [];
    const inForce = { ...silence, match: matchInForce(silence) };
    const clock = zoneClock(silence.timeZone);
    const until = holdsUntil(silence, clock, nowMs);
    const { appliedAtOnce } = silencePolicy;
    const ids = await alertsToApply(tx, inForce, until, appliedAtOnce);
    const { locked, busy } =
      ids.length === 0 ? { locked: new Map(), busy: new Set() } : await lockFreeAlerts(tx, site, ids);
    const changes = [...locked.values()].flatMap((alert) => changeOf(alert, inForce, until, nowMs) ?? []);
    await updateAlerts(
      tx,
      changes.map(({ after }) => after),
    );
    await correctIncidents(tx, site, changes);
    await this.#goOn(tx, silence, step, {
      nowMs,
      isUnfinished: busy.size > 0 || ids.length === appliedAtOnce,
    });
    return changes.flatMap(({ entries }) => entries);
  }

  /** The rest at once; else when the silence begins to hold again. Alerts know their own end. */
  async #goOn(
    tx: Queryable,
    silence: StoredSilence,
    { site, kind, key, version }: DueStep,
    { nowMs, isUnfinished }: { readonly nowMs: number; readonly isUnfinished: boolean },
  ): Promise<void> {
    const clock = zoneClock(silence.timeZone);
    const window = windowAt(silence, clock, nowMs);
    const next = window && window.fromMs <= nowMs ? windowAt(silence, clock, window.untilMs) : window;
    const atMs = isUnfinished ? nowMs : next?.fromMs;
    if (atMs === undefined) return;
    await writeDue(tx, [{ site, kind, key, version, atMs }], true);
    this.#options.expect?.(atMs);
  }

  async #tell(tx: Queryable, { key, version }: DueStep, nowMs: number): Promise<'busy' | undefined> {
    const { site, noticesWritten } = this.#options;
    const silence = await silenceToApply(tx, site, key);
    if (silence === 'busy') return 'busy';
    if (!silence || silence.ended !== null || silence.version !== version) return undefined;
    const at = new Date(nowMs).toISOString();
    const notice = { site, subject: silenceSubject(key), seq: version, at };
    if ((await writeOwnNotices(tx, silence.made.account, notice)) > 0) noticesWritten?.();
    return undefined;
  }
}

function changeOf(
  alert: Parameters<typeof suppress>[0],
  silence: StoredSilence,
  until: string | undefined,
  nowMs: number,
): Quieted | undefined {
  const now = new Date(nowMs).toISOString();
  if (until === undefined || !covers(silence.match, alert))
    return endQuiet(alert, ({ kind, ref }) => kind === 'silence' && ref === silence.id, now);
  const after = suppress(alert, suppressionBy(silence, until), now);
  return { before: alert, after, entries: entriesOf(alert, after, []) };
}
