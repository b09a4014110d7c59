import type { DutyFindingList, DutyShiftList, OnDutyNow } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { SiteId } from '@watchpost/contracts/wire';
import { type Person, reachOf } from '../governance/person.ts';
import { namesOf } from '../store/duty-people-store.ts';
import { shiftsBetween } from '../store/duty-shift-store.ts';
import { findRota, rotasWithin, type StoredRota } from '../store/duty-store.ts';
import type { Queryable } from '../store/schema.ts';
import { personNamed } from './duty-view.ts';
import { loadRotas } from './load-rotas.ts';
import { dutyPolicy } from './policy.ts';
import type { OnDuty, Rota } from './rota.ts';
import type { FoundFaults } from './shift-planner.ts';
import { siteCalendar } from './site-calendar.ts';

/** Who is on duty by a rota at an instant: what escalation asks each time that it pages. */
export interface DutyLookup {
  /** Undefined: nobody, or there is no such rota (any more). */
  onDuty(site: SiteId, rota: string, atMs: number): Promise<OnDuty | undefined>;
}

/** What {@link Roster} needs. */
export interface RosterOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  /** What the planner found on a site. */
  readonly found: (site: SiteId) => FoundFaults | undefined;
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** Who is on duty: computed when it is asked, for people as far as the rota exists for them. */
export class Roster implements DutyLookup {
  readonly #options: RosterOptions;

  constructor(options: RosterOptions) {
    this.#options = options;
  }

  async onDuty(site: SiteId, rota: string, atMs: number): Promise<OnDuty | undefined> {
    const found = await findRota(this.#options.db, [{ site, zones: null }], rota);
    if (!found) return undefined;
    const [loaded] = await this.#load(site, [found], atMs, atMs + 1);
    const { onDuty } = await import('./on-duty.ts');
    return loaded && onDuty(loaded.rota, atMs);
  }

  /** Everybody who is on duty on a site at an instant, by whichever of its rotas. */
  async peopleOnDuty(db: Queryable, site: SiteId, atMs: number): Promise<ReadonlySet<string>> {
    const rotas = await rotasWithin(db, [{ site, zones: null }]);
    const loaded = await loadRotas(db, rotas, await siteCalendar(db, site), {
      fromMs: atMs,
      untilMs: atMs + 1,
    });
    const { onDuty } = await import('./on-duty.ts');
    return new Set(loaded.flatMap(({ rota }) => onDuty(rota, atMs)?.person ?? []));
  }

  /** Who is on duty on each rota that exists for the person, now or at an instant. */
  async now(person: Person, sites: readonly SiteId[], at: string | undefined): Promise<OnDutyNow> {
    const { db, nowMs } = this.#options;
    const atMs = at === undefined ? nowMs() : Date.parse(at);
    const rotas = await rotasWithin(db, reachOf(person, sites));
    const { dutyBetween } = await import('./duty-between.ts');
    const found: { rota: StoredRota; stretches: ReturnType<typeof dutyBetween> }[] = [];
    for (const site of new Set(rotas.map((rota) => rota.site))) {
      const ofSite = rotas.filter((rota) => rota.site === site);
      const untilMs = atMs + dutyPolicy.foundMs;
      for (const { stored, rota } of await this.#load(site, ofSite, atMs, untilMs))
        found.push({ rota: stored, stretches: dutyBetween(rota, atMs, untilMs) });
    }
    const people = found.flatMap(({ stretches }) => stretches.flatMap(({ onDuty }) => onDuty?.person ?? []));
    const names = await namesOf(db, people);
    return {
      at: iso(atMs),
      rotas: found.map(({ rota: { site, id, name, timeZone }, stretches: [current, next] }) => ({
        ...{ site, rota: id, name, timeZone },
        person: personNamed(names, current?.onDuty?.person),
        cause: current?.onDuty?.cause.kind ?? null,
        until: next && current ? iso(current.untilMs) : null,
        next: personNamed(names, next?.onDuty?.person),
      })),
    };
  }

  /** Shifts as they were and as they are planned. @throws WatchpostError `api.invalid` */
  async shifts(
    person: Person,
    sites: readonly SiteId[],
    {
      rota,
      from,
      until,
    }: { readonly rota?: string | undefined; readonly from: string; readonly until: string },
  ): Promise<DutyShiftList> {
    const { db, nowMs } = this.#options;
    const length = Date.parse(until) - Date.parse(from);
    if (!(length > 0 && length <= dutyPolicy.shownMs))
      throw new WatchpostError('api.invalid', { path: '/until', details: { expected: 'at most 93 days' } });
    const rotas = (await rotasWithin(db, reachOf(person, sites), true)).filter(
      ({ id }) => rota === undefined || id === rota,
    );
    const shifts = [];
    for (const site of new Set(rotas.map((one) => one.site))) {
      const ids = rotas.filter((one) => one.site === site).map(({ id }) => id);
      const limit = dutyPolicy.shownAtMost;
      for (const shift of await shiftsBetween(db, site, ids, { from, until, limit }))
        shifts.push({ site, ...shift });
    }
    const names = await namesOf(
      db,
      shifts.map((shift) => shift.person),
    );
    return {
      shifts: shifts.map(({ source, person: account, cause, ...shift }) => ({
        ...{ ...shift, cause, layer: cause === 'rotation' ? source : null },
        person: personNamed(names, account) ?? { id: account, name: '' },
      })),
      plannedUntil: iso(nowMs() + dutyPolicy.plannedMs),
    };
  }

  /** What is wrong with plans that exist for the person. */
  async findings(person: Person, sites: readonly SiteId[]): Promise<DutyFindingList> {
    const { db, found } = this.#options;
    const rotas = new Set((await rotasWithin(db, reachOf(person, sites))).map(({ id }) => id));
    const bySite = sites.map((site) => ({ site, found: found(site) }));
    const faults = bySite.flatMap(({ site, found: one }) =>
      (one?.faults ?? []).filter(({ rota }) => rotas.has(rota)).map((fault) => ({ site, ...fault })),
    );
    const names = await namesOf(
      db,
      faults.flatMap((fault) => fault.person ?? []),
    );
    const times = bySite.flatMap(({ found: one }) => one?.at ?? []).sort();
    return {
      at: times[0] ?? null,
      findings: faults.map(({ fromMs, untilMs, person: account, ...fault }) => ({
        ...{ ...fault, from: iso(fromMs), until: iso(untilMs) },
        person: personNamed(names, account ?? undefined),
      })),
    };
  }

  async #load(
    site: SiteId,
    rotas: readonly StoredRota[],
    fromMs: number,
    untilMs: number,
  ): Promise<readonly { readonly stored: StoredRota; readonly rota: Rota }[]> {
    const { db } = this.#options;
    return loadRotas(db, rotas, await siteCalendar(db, site), { fromMs, untilMs });
  }
}
