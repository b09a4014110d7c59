import { isDeepStrictEqual } from 'node:util';
import type {
  AuditAction,
  AuditDetails,
  DutyCalendarRequest,
  DutyCalendarView,
  DutyPerson,
  DutyRota,
  DutyRotaDetail,
  RotaEditRequest,
  RotaRequest,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { Site } from '@watchpost/contracts/site';
import type { SiteId } from '@watchpost/contracts/wire';
import { append } from '../governance/audit-log.ts';
import { actorOf, indexOutside, type Person, reachOf, zonesFor } from '../governance/person.ts';
import { exceptionsOf } from '../store/duty-exception-store.ts';
import { peopleWithRole } from '../store/duty-people-store.ts';
import { replanShifts } from '../store/duty-shift-store.ts';
import {
  endRota,
  findCalendar,
  findRota,
  insertRota,
  rotasWithin,
  type StoredRota,
  updateRota,
  writeCalendar,
} from '../store/duty-store.ts';
import type { Queryable } from '../store/schema.ts';
import { dutyRoles } from './duty-roles.ts';
import { toExceptionViews, toRotaViews } from './duty-view.ts';
import { dutyPolicy } from './policy.ts';
import { calendarOf } from './site-calendar.ts';

/** A site, as rotas of it are concerned. */
export interface DutySite {
  readonly timeZone: string;
  readonly zones: ReadonlySet<string>;
}

/** What rotas need of a site. */
export const dutySite = ({ timeZone, zones }: Site): DutySite => ({
  timeZone,
  zones: new Set(zones.map(({ id }) => id)),
});

/** What {@link RotaPlans} needs. */
export interface RotaPlansOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly sites: ReadonlyMap<string, DutySite>;
  /** Is told after the commit that the plans of a site changed; shifts are planned when it is done. */
  readonly changed: (site: SiteId) => Promise<void>;
}

/** A rota that a person asks for, and the sites on which they may. */
export interface AskedRota {
  readonly person: Person;
  readonly sites: readonly SiteId[];
  readonly id: string;
}

/**
 * Rotas and the holidays of sites. Whatever a person may not see answers as if it did not exist; every change
 * is one transaction with its entry in the audit log.
 */
export class RotaPlans {
  readonly #options: RotaPlansOptions;

  constructor(options: RotaPlansOptions) {
    this.#options = options;
  }

  /** Those that exist for the person. */
  async list(person: Person, sites: readonly SiteId[]): Promise<DutyRota[]> {
    const { db } = this.#options;
    return toRotaViews(db, await rotasWithin(db, reachOf(person, sites)));
  }

  /** One with its exceptions that have not ended. @throws WatchpostError `api.not_found` */
  async get({ person, sites, id }: AskedRota): Promise<DutyRotaDetail> {
    const { db } = this.#options;
    const rota = await findRota(db, reachOf(person, sites), id);
    if (!rota) throw new WatchpostError('api.not_found');
    const exceptions = await exceptionsOf(db, {
      ...{ site: rota.site, rotas: [id], states: ['asked', 'valid'] as const, from: this.#now() },
    });
    const [view] = await toRotaViews(db, [rota]);
    if (!view) throw new WatchpostError('api.not_found');
    return { ...view, exceptions: await toExceptionViews(db, exceptions) };
  }

  /** Who may be on duty on a site. */
  people(site: SiteId): Promise<DutyPerson[]> {
    return peopleWithRole(this.#options.db, site, dutyRoles);
  }

  /**
   * Makes a rota. A repeat of the same request has the first answer.
   * @throws WatchpostError `duty.person_unknown`, `duty.zone_outside`, `duty.zone_unknown`, `duty.too_many`,
   *   `api.invalid` for an id of another rota
   */
  async make(person: Person, site: SiteId, request: RotaRequest): Promise<DutyRotaDetail> {
    const { db, sites } = this.#options;
    const timeZone = request.timeZone ?? sites.get(site)?.timeZone ?? 'UTC';
    const rota: StoredRota = { site, version: 1, ...request, timeZone };
    await db.transaction().execute(async (tx) => {
      const known = await rotasWithin(tx, [{ site, zones: null }]);
      const before = known.find(({ id }) => id === rota.id);
      if (before && isDeepStrictEqual({ ...before, version: 1 }, rota)) return;
      await this.#check(tx, person, rota);
      if (known.length >= dutyPolicy.rotasAtMost)
        throw new WatchpostError('duty.too_many', { details: { limit: dutyPolicy.rotasAtMost } });
      if (!(await insertRota(tx, rota, this.#now())))
        throw new WatchpostError('api.invalid', { path: '/id', details: { expected: 'an id of its own' } });
      await this.#note(tx, person, site, 'rota_made', { id: rota.id, details: { name: rota.name } });
    });
    await this.#options.changed(site);
    return this.get({ person, sites: [site], id: rota.id });
  }

  /**
   * Changes what a rota says, from now on.
   * @throws WatchpostError as {@link make}, and `api.not_found`, `duty.changed`
   */
  async change(asked: AskedRota, { version, ...plan }: RotaEditRequest): Promise<DutyRotaDetail> {
    const { person, id } = asked;
    const site = await this.#options.db.transaction().execute(async (tx) => {
      const before = await this.#find(tx, asked);
      if (before.version !== version) throw new WatchpostError('duty.changed', { path: '/version' });
      const rota = { ...before, ...plan, version: version + 1 };
      await this.#check(tx, person, rota);
      await updateRota(tx, rota);
      const details = { name: rota.name, version: rota.version };
      await this.#note(tx, person, rota.site, 'rota_changed', { id, details });
      return rota.site;
    });
    await this.#options.changed(site);
    return this.get(asked);
  }

  /** Nobody is on duty by it from now on; what was stays. @throws WatchpostError `api.not_found` */
  async end(asked: AskedRota, reason: string): Promise<void> {
    const { person, id } = asked;
    const site = await this.#options.db.transaction().execute(async (tx) => {
      const rota = await this.#find(tx, asked);
      await replanShifts(tx, rota.site, id, [], this.#now());
      await endRota(tx, rota, this.#now());
      await this.#note(tx, person, rota.site, 'rota_ended', { id, reason, details: { name: rota.name } });
      return rota.site;
    });
    await this.#options.changed(site);
  }

  /** The holidays of a site. */
  async calendar(site: SiteId): Promise<DutyCalendarView> {
    const { version, base, years } = await findCalendar(this.#options.db, site);
    const { knownYears } = await calendarOf({ version, base, years });
    return { ...{ site, version, base, years: [...years] }, knownYears: [...knownYears].sort() };
  }

  /** Sets the holidays of a site. @throws WatchpostError `duty.changed` */
  async setCalendar(person: Person, site: SiteId, request: DutyCalendarRequest): Promise<DutyCalendarView> {
    await this.#options.db.transaction().execute(async (tx) => {
      const calendar = { ...request, version: request.version + 1 };
      const { version } = await findCalendar(tx, site);
      if (version !== request.version || !(await writeCalendar(tx, site, calendar, this.#now())))
        throw new WatchpostError('duty.changed', { path: '/version' });
      const details = { base: request.base, years: request.years.map(({ year }) => year) };
      await this.#note(tx, person, site, 'duty_calendar_changed', { id: site, details });
    });
    await this.#options.changed(site);
    return this.calendar(site);
  }

  async #find(tx: Queryable, { person, sites, id }: AskedRota): Promise<StoredRota> {
    const rota = await findRota(tx, reachOf(person, sites), id, true);
    if (!rota) throw new WatchpostError('api.not_found');
    return rota;
  }

  async #check(tx: Queryable, person: Person, { site, zones, layers }: StoredRota): Promise<void> {
    const reach = zonesFor(person, site);
    const known = this.#options.sites.get(site)?.zones ?? new Set();
    if (zones === null && reach !== null) throw new WatchpostError('duty.zone_outside', { path: '/zones' });
    const outside = indexOutside(reach, zones ?? []);
    if (outside >= 0) throw new WatchpostError('duty.zone_outside', { path: `/zones/${outside}` });
    const unknown = (zones ?? []).findIndex((zone) => !known.has(zone));
    if (unknown >= 0) throw new WatchpostError('duty.zone_unknown', { path: `/zones/${unknown}` });
    const people = new Set((await peopleWithRole(tx, site, dutyRoles)).map(({ id }) => id));
    for (const [layer, { rotation }] of layers.entries()) {
      const index = rotation.people.findIndex((id) => !people.has(id));
      if (index >= 0)
        throw new WatchpostError('duty.person_unknown', {
          path: `/layers/${layer}/rotation/people/${index}`,
        });
    }
  }

  async #note(
    db: Queryable,
    person: Person,
    site: SiteId,
    action: AuditAction,
    { id, reason, details }: { id: string; reason?: string; details: AuditDetails },
  ): Promise<void> {
    await append(db, {
      ...{ at: this.#now(), actor: actorOf(person), site, action, outcome: 'done' as const },
      ...{ subject: { kind: 'rota', id }, reason: reason ?? null, details },
    });
  }

  #now(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }
}
