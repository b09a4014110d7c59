import { isDeepStrictEqual } from 'node:util';
import type {
  AuditAction,
  Silence,
  SilenceChangeRequest,
  SilenceDetail,
  SilenceMatch,
  SilencePreview,
  SilencePreviewRequest,
  SilenceRequest,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { Site } from '@watchpost/contracts/site';
import type { SiteId } from '@watchpost/contracts/wire';
import { dutyInstant } from '../duty/duty-instant.ts';
import { zoneClock } from '../duty/zone-clock.ts';
import { append } from '../governance/audit-log.ts';
import { actorOf, indexOutside, type Person, reachOf, zonesFor } from '../governance/person.ts';
import { writeDue } from '../store/due-store.ts';
import type { Queryable } from '../store/schema.ts';
import {
  alertsHiddenBy,
  countCovered,
  findSilence,
  hiddenBy,
  insertSilence,
  openedCovered,
  silencesWithin,
  updateSilence,
} from '../store/silence-store.ts';
import { silencePolicy } from './policy.ts';
import { holdsUntil, type StoredSilence } from './silence.ts';
import { dueOf } from './silence-work.ts';

/** What {@link Silences} needs. */
export interface SilencesOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly sites: ReadonlyMap<string, Pick<Site, 'timeZone' | 'zones' | 'devices'>>;
  /** Told after a commit that work is due now. */
  readonly changed: () => void;
}

/** A silence that a person asks for, and the sites on which they may. */
export interface AskedSilence {
  readonly person: Person;
  readonly sites: readonly SiteId[];
  readonly id: string;
}

const dayMs = 86_400_000;

/**
 * What people want to hear nothing of for a time. What a person may not see answers as if it did not exist;
 * every change is one transaction with its entry in the audit log, and is applied right after it.
 */
export class Silences {
  readonly #options: SilencesOptions;

  constructor(options: SilencesOptions) {
    this.#options = options;
  }

  /** Those that exist for the person and have not ended, or have. */
  async list(person: Person, sites: readonly SiteId[], ended: boolean): Promise<readonly Silence[]> {
    const { db } = this.#options;
    const filter = {
      now: this.#now(),
      ended,
      limit: ended ? silencePolicy.endedShown : silencePolicy.atMost,
    };
    const found = await silencesWithin(db, reachOf(person, sites), filter);
    return this.#views(found);
  }

  /** One with what it has kept quiet. @throws WatchpostError `api.not_found` */
  async get(asked: AskedSilence): Promise<SilenceDetail> {
    const { db } = this.#options;
    const silence = await this.#find(db, asked);
    const [view] = await this.#views([silence]);
    if (!view) throw new WatchpostError('api.not_found');
    return { ...view, alerts: await alertsHiddenBy(db, silence.site, silence.id, silencePolicy.alertsShown) };
  }

  /**
   * What a silence would hide now, and would have hidden lately.
   * @throws WatchpostError as {@link make}
   */
  async preview(person: Person, site: SiteId, request: SilencePreviewRequest): Promise<SilencePreview> {
    const { db, nowMs } = this.#options;
    this.#check(person, site, request.match);
    const { hours, match, purpose } = request;
    const clock = zoneClock(this.#siteOf(site).timeZone);
    const sinceMs = nowMs() - silencePolicy.previewMs;
    const since = new Date(sinceMs).toISOString();
    const opened = await openedCovered(db, site, match, since, silencePolicy.previewAlerts + 1);
    const whole = { from: since, until: new Date(nowMs() + dayMs).toISOString(), hours, ended: null };
    const inTime = opened.filter(({ openedMs }) => holdsUntil(whole, clock, openedMs) !== undefined);
    const danger = match.danger ? 0 : inTime.filter((one) => one.danger).length;
    return {
      // What was there before a walk test is none of it.
      now: purpose === 'walk_test' ? 0 : await countCovered(db, site, match),
      ...{ before: inTime.length - danger, danger, days: silencePolicy.previewMs / dayMs },
      capped: opened.length > silencePolicy.previewAlerts,
    };
  }

  /**
   * Makes one. A repeat of the same request has the first answer.
   * @throws WatchpostError `silence.period`, `silence.zone_outside`, `silence.unknown`, `silence.too_many`,
   *   `api.invalid` for an id of another one
   */
  async make(person: Person, site: SiteId, request: SilenceRequest): Promise<SilenceDetail> {
    const { db, nowMs } = this.#options;
    const { timeZone } = this.#siteOf(site);
    this.#check(person, site, request.match);
    const { id, purpose, match, hours, reason } = request;
    const instant = (text: string, path: string) => dutyInstant(text, timeZone, path);
    const silence: StoredSilence = {
      ...{ site, id, version: 1, purpose, match, hours, reason, timeZone, signed: null, ended: null },
      from: request.from === undefined ? this.#now() : await instant(request.from, '/from'),
      until: await instant(request.until, '/until'),
      made: { at: this.#now(), by: person.name, account: person.account },
    };
    const asked = { person, sites: [site], id };
    await db.transaction().execute(async (tx) => {
      const before = await findSilence(tx, [{ site, zones: null }], id);
      if (before && isSame(before, silence, request.from === undefined)) return;
      this.#checkPeriod(silence);
      const filter = { now: this.#now(), ended: false, limit: silencePolicy.atMost };
      if ((await silencesWithin(tx, [{ site, zones: null }], filter)).length >= silencePolicy.atMost)
        throw new WatchpostError('silence.too_many', { details: { limit: silencePolicy.atMost } });
      if (!(await insertSilence(tx, silence)))
        throw new WatchpostError('api.invalid', { path: '/id', details: { expected: 'an id of its own' } });
      await writeDue(tx, dueOf(silence, nowMs()));
      const { from, until } = silence;
      await this.#note(tx, person, silence, 'silence_made', {
        reason,
        details: { from, until, purpose, danger: match.danger },
      });
    });
    this.#options.changed();
    return this.get(asked);
  }

  /**
   * Gives it another end; a signature does not hold for that.
   * @throws WatchpostError `api.not_found`, `silence.changed`, `silence.period`
   */
  async change(asked: AskedSilence, request: SilenceChangeRequest): Promise<SilenceDetail> {
    return this.#update(asked, request.version, 'silence_changed', async (before) => {
      const { reason } = request;
      const until = await dutyInstant(request.until, before.timeZone, '/until');
      const silence = { ...before, until, signed: until > before.until ? null : before.signed };
      this.#checkPeriod(silence);
      return { silence, reason, details: { from: before.until, until } };
    });
  }

  /** Ends it now: what it keeps quiet is judged as new. @throws WatchpostError as {@link change} */
  async end(asked: AskedSilence, version: number, reason: string): Promise<SilenceDetail> {
    const { account, name } = asked.person;
    return this.#update(asked, version, 'silence_ended', async (before) => ({
      silence: { ...before, ended: { at: this.#now(), by: name, account, reason } },
      reason,
      details: {},
    }));
  }

  /**
   * Signs that it covers danger to life, until the end that it has.
   * @throws WatchpostError as {@link change}, `silence.own_signature`, `silence.nothing_to_sign`
   */
  async sign(asked: AskedSilence, version: number): Promise<SilenceDetail> {
    const { account, name } = asked.person;
    return this.#update(asked, version, 'silence_signed', async (before) => {
      if (before.made.account === account) throw new WatchpostError('silence.own_signature');
      if (!before.match.danger || before.signed !== null) throw new WatchpostError('silence.nothing_to_sign');
      const signed = { at: this.#now(), by: name, account };
      return { silence: { ...before, signed }, reason: null, details: { until: before.until } };
    });
  }

  async #update(
    asked: AskedSilence,
    version: number,
    action: AuditAction,
    decide: (before: StoredSilence) => Promise<{
      readonly silence: StoredSilence;
      readonly reason: string | null;
      readonly details: Readonly<Record<string, string>>;
    }>,
  ): Promise<SilenceDetail> {
    const { db, nowMs } = this.#options;
    await db.transaction().execute(async (tx) => {
      const before = await this.#find(tx, asked, true);
      const isOver = before.ended !== null || before.until <= this.#now();
      if (before.version !== version || isOver)
        throw new WatchpostError('silence.changed', {
          path: '/version',
          details: { seen: version, version: before.version, ended: isOver },
        });
      const { silence, reason, details } = await decide(before);
      const after = { ...silence, version: version + 1 };
      await updateSilence(tx, after);
      await writeDue(tx, dueOf(after, nowMs()));
      await this.#note(tx, asked.person, after, action, { reason, details });
    });
    this.#options.changed();
    return this.get(asked);
  }

  async #find(tx: Queryable, { person, sites, id }: AskedSilence, lock = false): Promise<StoredSilence> {
    const silence = await findSilence(tx, reachOf(person, sites), id, lock);
    if (!silence) throw new WatchpostError('api.not_found');
    return silence;
  }

  #siteOf(site: SiteId) {
    const found = this.#options.sites.get(site);
    if (!found) throw new WatchpostError('api.not_found');
    return found;
  }

  #check(person: Person, site: SiteId, { zones, devices }: SilenceMatch): void {
    const reach = zonesFor(person, site);
    if (zones === null && reach !== null)
      throw new WatchpostError('silence.zone_outside', { path: '/match/zones' });
    const outside = indexOutside(reach, zones ?? []);
    if (outside >= 0) throw new WatchpostError('silence.zone_outside', { path: `/match/zones/${outside}` });
    const known = this.#siteOf(site);
    const unknown = (there: readonly { readonly id: string }[], given: readonly string[] | null) => {
      const ids = new Set(there.map(({ id }) => id));
      return (given ?? []).findIndex((id) => !ids.has(id));
    };
    const zone = unknown(known.zones, zones);
    if (zone >= 0) throw new WatchpostError('silence.unknown', { path: `/match/zones/${zone}` });
    const device = unknown(known.devices, devices);
    if (device >= 0) throw new WatchpostError('silence.unknown', { path: `/match/devices/${device}` });
  }

  #checkPeriod({ from, until }: StoredSilence): void {
    const nowMs = this.#options.nowMs();
    const { longestMs, aheadMs } = silencePolicy;
    const [fromMs, untilMs] = [Date.parse(from), Date.parse(until)];
    const isRight =
      fromMs < untilMs && untilMs > nowMs && untilMs - fromMs <= longestMs && fromMs <= nowMs + aheadMs;
    if (!isRight)
      throw new WatchpostError('silence.period', { path: '/until', details: { days: longestMs / dayMs } });
  }

  async #views(silences: readonly StoredSilence[]): Promise<Silence[]> {
    const { db, nowMs } = this.#options;
    const hidden = new Map<string, { readonly hides: number; readonly hid: number }>();
    for (const site of new Set(silences.map((one) => one.site))) {
      const ids = silences.filter((one) => one.site === site).map(({ id }) => id);
      for (const [id, counts] of await hiddenBy(db, site, ids)) hidden.set(id, counts);
    }
    const person = ({ at, by }: { at: string; by: string }) => ({ at, by });
    return silences.map(({ signed, ended, ...silence }) => {
      const isOver = ended !== null || Date.parse(silence.until) <= nowMs();
      const clock = zoneClock(silence.timeZone);
      const holds = holdsUntil({ ...silence, ended }, clock, nowMs()) !== undefined;
      return {
        ...silence,
        state: isOver ? 'ended' : holds ? 'active' : 'waiting',
        signed: signed && person(signed),
        ended: ended && { ...person(ended), reason: ended.reason },
        ...(hidden.get(silence.id) ?? { hides: 0, hid: 0 }),
      };
    });
  }

  async #note(
    tx: Queryable,
    person: Person,
    { site, id, version }: StoredSilence,
    action: AuditAction,
    {
      reason,
      details,
    }: { readonly reason: string | null; readonly details: Readonly<Record<string, string | boolean>> },
  ): Promise<void> {
    await append(tx, {
      ...{ at: this.#now(), actor: actorOf(person), site, action, outcome: 'done' },
      ...{ subject: { kind: 'silence', id }, reason, details: { ...details, version } },
    });
  }

  #now(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }
}

/** Whether a request says what was made of an earlier one with its id. */
function isSame(before: StoredSilence, asked: StoredSilence, isFromNow: boolean): boolean {
  const saying = ({ purpose, match, hours, until, reason, from, made }: StoredSilence) => ({
    ...{ purpose, match, hours, until, reason, account: made.account, from: isFromNow ? null : from },
  });
  return isDeepStrictEqual(saying(before), saying(asked));
}
