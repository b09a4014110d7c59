import type {
  AuditAction,
  DutyPerson,
  Handover,
  HandoverList,
  HandoverQuery,
  HandoverReport,
  HandoverRequest,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { SiteId } from '@watchpost/contracts/wire';
import { append } from '../governance/audit-log.ts';
import { actorOf, type Person, reachOf } from '../governance/person.ts';
import { type AlertFilter, countMatches, listAlerts } from '../store/alert-queue.ts';
import { peopleWithRole } from '../store/duty-people-store.ts';
import { findRota, rotasWithin, type StoredRota } from '../store/duty-store.ts';
import {
  decidedSince,
  findHandover,
  handoversOf,
  insertHandover,
  type StoredHandover,
  signHandover,
} from '../store/handover-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { DutyStretch } from './duty-between.ts';
import { dutyRoles } from './duty-roles.ts';
import { loadRotas } from './load-rotas.ts';
import { dutyPolicy } from './policy.ts';
import type { DutyLookup } from './roster.ts';
import type { AskedRota, RotaPlansOptions } from './rota-plans.ts';
import { siteCalendar } from './site-calendar.ts';

/** What {@link Handovers} needs. */
export interface HandoversOptions extends Pick<RotaPlansOptions, 'db' | 'nowMs'> {
  readonly roster: DutyLookup;
}

/**
 * What one shift leaves to the next: what is open, what was decided, and notes. Who hands over signs it by
 * making it, who takes over after them; it is never changed.
 */
export class Handovers {
  readonly #options: HandoversOptions;

  constructor(options: HandoversOptions) {
    this.#options = options;
  }

  /** Of rotas that exist for the person, the newest first. */
  async list(person: Person, sites: readonly SiteId[], query: HandoverQuery): Promise<HandoverList> {
    const { db } = this.#options;
    const { rota, before, limit } = query;
    const names = await this.#rotaNames(db, person, sites);
    const ids = [...names.keys()].filter((id) => rota === undefined || id === rota);
    const found = await handoversOf(db, ids, { before, limit: limit + 1 });
    const page = found.slice(0, limit);
    return {
      handovers: page.map(({ notes: _notes, remark: _remark, report: _report, ...one }) => ({
        ...{ ...one, rotaName: names.get(one.rota) ?? '' },
      })),
      next: found.length > limit ? (page.at(-1)?.at ?? null) : null,
    };
  }

  /** One of them; audited. @throws WatchpostError `api.not_found` */
  async get(asked: AskedRota): Promise<Handover> {
    const { db } = this.#options;
    const { found, rotaName } = await this.#find(db, asked);
    await this.#note(db, asked.person, found, 'handover_viewed');
    return { ...found, rotaName };
  }

  /**
   * Who is on duty hands over. A repeat of the same request has the first answer.
   * @throws WatchpostError `api.not_found` for the rota, `duty.not_on_duty`, `duty.nobody_next`,
   *   `duty.person_unknown`, `api.invalid` for an id of another one
   */
  async make(person: Person, site: SiteId, request: HandoverRequest): Promise<Handover> {
    return this.#options.db.transaction().execute(async (tx) => {
      const rota = await findRota(tx, reachOf(person, [site]), request.rota);
      if (!rota) throw new WatchpostError('api.not_found', { path: '/rota' });
      const before = await findHandover(tx, [site], request.id);
      if (before) {
        if (before.giver.id === person.account && before.rota === rota.id && before.notes === request.notes)
          return { ...before, rotaName: rota.name };
        throw new WatchpostError('api.invalid', { path: '/id', details: { expected: 'an id of its own' } });
      }
      const { shift, next } = await this.#shiftOf(tx, rota, person);
      const taker = await this.#taker(tx, rota, person, request.taker, next);
      const made: StoredHandover = {
        ...{ site, id: request.id, rota: rota.id, at: this.#now(), shift, taker },
        ...{ giver: { id: person.account, name: person.name }, notes: request.notes, remark: '' },
        ...{ report: await this.#report(tx, rota, shift.from), signedAt: null },
      };
      await insertHandover(tx, made);
      await this.#note(tx, person, made, 'handover_made');
      return { ...made, rotaName: rota.name };
    });
  }

  /**
   * Signs it for who takes over: who is named in it, or whoever is on duty now.
   * @throws WatchpostError `api.not_found`, `duty.not_asked`, `duty.answered`
   */
  async sign(asked: AskedRota, remark: string): Promise<Handover> {
    const { person } = asked;
    const { db, roster, nowMs } = this.#options;
    const seen = await this.#find(db, asked);
    const onDuty = await roster.onDuty(seen.found.site, seen.found.rota, nowMs());
    return db.transaction().execute(async (tx) => {
      const { found, rotaName } = await this.#find(tx, asked, true);
      const isNamed = found.taker.id === person.account;
      if (found.signedAt !== null) {
        if (isNamed) return { ...found, rotaName };
        throw new WatchpostError('duty.answered');
      }
      if (found.giver.id === person.account || !(isNamed || onDuty?.person === person.account))
        throw new WatchpostError('duty.not_asked');
      const signed = { taker: { id: person.account, name: person.name }, remark, at: this.#now() };
      await signHandover(tx, found, signed);
      await this.#note(tx, person, found, 'handover_signed');
      return { ...found, rotaName, remark, taker: signed.taker, signedAt: signed.at };
    });
  }

  /** The shift that a person has, or had until lately, and who comes after it. */
  async #shiftOf(tx: Queryable, rota: StoredRota, { account }: Person) {
    const nowMs = this.#options.nowMs();
    const time = { fromMs: nowMs - dutyPolicy.lookBackMs, untilMs: nowMs + dutyPolicy.foundMs };
    const [loaded] = await loadRotas(tx, [rota], await siteCalendar(tx, rota.site), time);
    const { dutyBetween } = await import('./duty-between.ts');
    const stretches: readonly DutyStretch[] = loaded
      ? dutyBetween(loaded.rota, time.fromMs, time.untilMs)
      : [];
    const isTheirs = ({ fromMs, untilMs, onDuty }: DutyStretch): boolean =>
      onDuty?.person === account && fromMs <= nowMs && untilMs > nowMs - dutyPolicy.handoverLateMs;
    const own = stretches.findLast(isTheirs);
    if (!own) throw new WatchpostError('duty.not_on_duty');
    const iso = (ms: number): string => new Date(ms).toISOString();
    return {
      shift: { from: iso(own.fromMs), until: iso(own.untilMs) },
      next: stretches.find(({ fromMs, onDuty }) => fromMs >= own.untilMs && onDuty?.person !== account)
        ?.onDuty,
    };
  }

  async #taker(
    tx: Queryable,
    { site }: StoredRota,
    { account }: Person,
    asked: string | undefined,
    next: { readonly person: string } | undefined,
  ): Promise<DutyPerson> {
    const id = asked ?? next?.person;
    if (id === undefined) throw new WatchpostError('duty.nobody_next', { path: '/taker' });
    const found = (await peopleWithRole(tx, site, dutyRoles)).find((one) => one.id === id);
    if (!found || id === account) throw new WatchpostError('duty.person_unknown', { path: '/taker' });
    return found;
  }

  /** Within the zones of the rota, so that who may see the rota may see it. */
  async #report(tx: Queryable, { site, zones }: StoredRota, from: string): Promise<HandoverReport> {
    const filter: AlertFilter = {
      ...{ sites: [site], states: ['open', 'acknowledged', 'in_progress', 'resolved'] },
      within: zones === null ? {} : { [site]: zones },
    };
    const { openReported, decidedReported: limit } = dutyPolicy;
    const alerts = await listAlerts(tx, { ...filter, order: 'urgency', limit: openReported });
    const { decided, total } = await decidedSince(tx, site, zones, { from, until: this.#now(), limit });
    return {
      open: alerts.map(({ id: alert, eventType, zone, severity, state, openedAt }) => ({
        ...{ alert, eventType, zone, severity, state, openedAt },
      })),
      openTotal: await countMatches(tx, filter),
      ...{ decided, decidedTotal: total },
    };
  }

  async #find(db: Queryable, { person, sites, id }: AskedRota, lock = false) {
    const found = await findHandover(db, sites, id, lock);
    const rotaName = found && (await this.#rotaNames(db, person, [found.site])).get(found.rota);
    if (!found || rotaName === undefined) throw new WatchpostError('api.not_found');
    return { found, rotaName };
  }

  /** Names of all rotas that exist for a person, by id; of those that ended too. */
  async #rotaNames(db: Queryable, person: Person, sites: readonly SiteId[]) {
    const rotas = await rotasWithin(db, reachOf(person, sites), true);
    return new Map(rotas.map(({ id, name }) => [id, name]));
  }

  async #note(
    db: Queryable,
    person: Person,
    { site, id, rota }: StoredHandover,
    action: AuditAction,
  ): Promise<void> {
    await append(db, {
      ...{ at: this.#now(), actor: actorOf(person), site, action, outcome: 'done' as const },
      ...{ subject: { kind: 'handover', id }, reason: null, details: { rota } },
    });
  }

  #now(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }
}
