import type { AuditAction, AuditDetails, DutyException, DutySwapRequest } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type SiteId, siteIdSchema } from '@watchpost/contracts/wire';
import { append } from '../governance/audit-log.ts';
import { actorOf, type Person, reachOf } from '../governance/person.ts';
import {
  exceptionsOf,
  findException,
  insertException,
  type StoredException,
  settleException,
} from '../store/duty-exception-store.ts';
import { peopleWithRole } from '../store/duty-people-store.ts';
import { findRota, type StoredRota } from '../store/duty-store.ts';
import type { KeptPart } from '../store/schema/duty-tables.ts';
import type { Queryable } from '../store/schema.ts';
import { dutyInstant } from './duty-instant.ts';
import { dutyRoles } from './duty-roles.ts';
import { toExceptionViews } from './duty-view.ts';
import { loadRotas } from './load-rotas.ts';
import { dutyPolicy } from './policy.ts';
import type { AskedRota, RotaPlansOptions } from './rota-plans.ts';
import { siteCalendar } from './site-calendar.ts';

/** What {@link Swaps} needs. */
export type SwapsOptions = Pick<RotaPlansOptions, 'db' | 'nowMs' | 'changed'>;

/** Somebody gives time on duty to another person, and may take some for it: once that person says yes. */
export class Swaps {
  readonly #options: SwapsOptions;

  constructor(options: SwapsOptions) {
    this.#options = options;
  }

  /**
   * Asks for one. A repeat of the same request has the first answer.
   * @throws WatchpostError `api.not_found` for the rota, `duty.period`, `duty.person_unknown`,
   *   `duty.not_theirs`, `duty.too_many`, `api.invalid` for an id of another one
   */
  async ask(person: Person, site: SiteId, request: DutySwapRequest): Promise<DutyException> {
    const made = await this.#options.db.transaction().execute(async (tx) => {
      const rota = await findRota(tx, reachOf(person, [site]), request.rota, true);
      if (!rota) throw new WatchpostError('api.not_found', { path: '/rota' });
      const swap = await this.#fromRequest(person, rota, request);
      const before = await findException(tx, [site], request.id);
      if (before) {
        const saying = ({ parts, asked, reason }: StoredException) => JSON.stringify([parts, asked, reason]);
        if (saying(before) === saying(swap)) return before;
        throw new WatchpostError('api.invalid', { path: '/id', details: { expected: 'an id of its own' } });
      }
      await this.#check(tx, rota, swap);
      await insertException(tx, swap);
      await this.#note(tx, person, swap, 'duty_swap_asked', { asked: request.with });
      return swap;
    });
    return this.#view(made);
  }

  /**
   * The person who was asked says yes or no; a yes counts if both still have what they would give.
   * @throws WatchpostError `api.not_found`, `duty.not_asked`, `duty.answered`, `duty.not_theirs`
   */
  async answer(asked: AskedRota, accept: boolean): Promise<DutyException> {
    const { person } = asked;
    const made = await this.#options.db.transaction().execute(async (tx) => {
      const { swap, rota } = await this.#find(tx, asked);
      if (swap.asked !== person.account) throw new WatchpostError('duty.not_asked');
      const state = accept ? 'valid' : 'refused';
      if (swap.state === state) return swap;
      if (swap.state !== 'asked') throw new WatchpostError('duty.answered');
      if (accept) await this.#check(tx, rota, swap);
      return this.#settle(tx, person, swap, state, 'duty_swap_answered');
    });
    await this.#options.changed(siteIdSchema.parse(made.site));
    return this.#view(made);
  }

  /** Who asked takes it back before it is answered. @throws WatchpostError as {@link answer} */
  async withdraw(asked: AskedRota): Promise<DutyException> {
    const { person } = asked;
    const made = await this.#options.db.transaction().execute(async (tx) => {
      const { swap } = await this.#find(tx, asked);
      if (swap.madeBy.account !== person.account) throw new WatchpostError('duty.not_asked');
      if (swap.state === 'cancelled') return swap;
      if (swap.state !== 'asked') throw new WatchpostError('duty.answered');
      return this.#settle(tx, person, swap, 'cancelled', 'duty_swap_withdrawn');
    });
    return this.#view(made);
  }

  async #find(
    tx: Queryable,
    { person, sites, id }: AskedRota,
  ): Promise<{ readonly swap: StoredException; readonly rota: StoredRota }> {
    const swap = await findException(tx, sites, id, true);
    const rota = swap && (await findRota(tx, reachOf(person, sites), swap.rota, true));
    if (!rota || swap.kind !== 'swap') throw new WatchpostError('api.not_found');
    return { swap, rota };
  }

  async #settle(
    tx: Queryable,
    person: Person,
    swap: StoredException,
    state: DutyException['state'],
    action: AuditAction,
  ): Promise<StoredException> {
    const ended = { at: this.#now(), by: person.name };
    await settleException(tx, swap, state, ended);
    await this.#note(tx, person, swap, action, { state });
    return { ...swap, state, ended };
  }

  async #fromRequest(
    person: Person,
    { site, timeZone }: StoredRota,
    { id, rota, reason, with: asked, give, take }: DutySwapRequest,
  ): Promise<StoredException> {
    const stretch = async (times: NonNullable<typeof take>, path: string) => ({
      from: await dutyInstant(times.from, timeZone, `${path}/from`),
      until: await dutyInstant(times.until, timeZone, `${path}/until`),
    });
    const parts: KeptPart[] = [{ ...(await stretch(give, '/give')), person: asked }];
    if (take) parts.push({ ...(await stretch(take, '/take')), person: person.account });
    const ordered = [...parts].sort((one, other) => (one.from < other.from ? -1 : 1));
    return {
      ...{ site, id, rota, kind: 'swap', state: 'asked', parts, asked, reason, ended: null },
      from: ordered[0]?.from ?? '',
      until: ordered.reduce((last, { until }) => (until > last ? until : last), ''),
      ...{ madeAt: this.#now(), madeBy: { account: person.account, name: person.name } },
    };
  }

  /** Both have, as a whole, what they would give; it has not begun. */
  async #check(tx: Queryable, rota: StoredRota, swap: StoredException): Promise<void> {
    const { site, parts, asked, madeBy } = swap;
    const nowMs = this.#options.nowMs();
    const people = new Set((await peopleWithRole(tx, site, dutyRoles)).map(({ id }) => id));
    if (asked === null || asked === madeBy.account || !people.has(asked))
      throw new WatchpostError('duty.person_unknown', { path: '/with' });
    const others = { site, rotas: [rota.id], states: ['asked', 'valid'] as const, from: this.#now() };
    if ((await exceptionsOf(tx, others)).length >= dutyPolicy.exceptionsAtMost)
      throw new WatchpostError('duty.too_many', { details: { limit: dutyPolicy.exceptionsAtMost } });
    const { dutyBetween } = await import('./duty-between.ts');
    const calendar = await siteCalendar(tx, site);
    for (const [index, part] of parts.entries()) {
      const path = index === 0 ? '/give' : '/take';
      const [fromMs, untilMs] = [Date.parse(part.from), Date.parse(part.until)];
      if (untilMs <= fromMs || fromMs < nowMs || untilMs > nowMs + dutyPolicy.longestAheadMs)
        throw new WatchpostError('duty.period', { path: `${path}/until` });
      const giver = index === 0 ? madeBy.account : asked;
      const [loaded] = await loadRotas(tx, [rota], calendar, { fromMs, untilMs });
      const stretches = loaded ? dutyBetween(loaded.rota, fromMs, untilMs) : [];
      if (stretches.length === 0 || stretches.some(({ onDuty }) => onDuty?.person !== giver))
        throw new WatchpostError('duty.not_theirs', { path });
    }
  }

  async #view(made: StoredException): Promise<DutyException> {
    const [view] = await toExceptionViews(this.#options.db, [made]);
    if (!view) throw new WatchpostError('api.not_found');
    return view;
  }

  async #note(
    tx: Queryable,
    person: Person,
    { site, id, rota, reason }: StoredException,
    action: AuditAction,
    details: AuditDetails,
  ): Promise<void> {
    await append(tx, {
      ...{ at: this.#now(), actor: actorOf(person), site: siteIdSchema.parse(site), action, outcome: 'done' },
      ...{ subject: { kind: 'duty_exception', id }, reason, details: { rota, ...details } },
    });
  }

  #now(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }
}
