import type { DutyException, DutyExceptionRequest } from '@watchpost/contracts/api';
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
import { dutyPolicy } from './policy.ts';
import type { AskedRota, RotaPlansOptions } from './rota-plans.ts';

/** What {@link Exceptions} needs. */
export type ExceptionsOptions = Pick<RotaPlansOptions, 'db' | 'nowMs' | 'changed'>;

/** Overrides and temporary schedules: who is on duty for a time instead of whom the rotation names. */
export class Exceptions {
  readonly #options: ExceptionsOptions;

  constructor(options: ExceptionsOptions) {
    this.#options = options;
  }

  /**
   * Makes one. A repeat of the same request has the first answer.
   * @throws WatchpostError `api.not_found` for the rota, `duty.period`, `duty.person_unknown`,
   *   `duty.overlap`, `duty.too_many`, `api.invalid` for an id of another one
   */
  async make(person: Person, site: SiteId, request: DutyExceptionRequest): Promise<DutyException> {
    const { db, changed } = this.#options;
    const made = await db.transaction().execute(async (tx) => {
      const rota = await findRota(tx, reachOf(person, [site]), request.rota, true);
      if (!rota) throw new WatchpostError('api.not_found', { path: '/rota' });
      const exception = await this.#fromRequest(person, rota, request);
      const before = await findException(tx, [site], request.id);
      if (before) return again(before, exception);
      await this.#check(tx, exception);
      await insertException(tx, exception);
      const { kind, from, until } = exception;
      await this.#note(tx, person, exception, 'duty_exception_made', exception.reason, { kind, from, until });
      return exception;
    });
    await changed(site);
    return this.#view(made);
  }

  /** Takes one back: from now on the rotation counts again. @throws WatchpostError `api.not_found` */
  async cancel({ person, sites, id }: AskedRota, reason: string): Promise<DutyException> {
    const { db, changed } = this.#options;
    const { made, site } = await db.transaction().execute(async (tx) => {
      const found = await findException(tx, sites, id, true);
      const rota = found && (await findRota(tx, reachOf(person, sites), found.rota));
      if (!found || !rota) throw new WatchpostError('api.not_found');
      if (found.state === 'cancelled') return { made: found, site: rota.site };
      if (Date.parse(found.until) <= this.#options.nowMs())
        throw new WatchpostError('duty.period', { path: '/id' });
      const ended = { at: this.#now(), by: person.name };
      await settleException(tx, found, 'cancelled', ended);
      await this.#note(tx, person, found, 'duty_exception_cancelled', reason, { kind: found.kind });
      return { made: { ...found, state: 'cancelled' as const, ended }, site: rota.site };
    });
    await changed(site);
    return this.#view(made);
  }

  async #fromRequest(
    person: Person,
    { site, timeZone }: StoredRota,
    request: DutyExceptionRequest,
  ): Promise<StoredException> {
    const instant = (text: string, path: string) => dutyInstant(text, timeZone, path);
    const { id, rota, kind, reason } = request;
    const times = {
      from: await instant(request.from, '/from'),
      until: await instant(request.until, '/until'),
    };
    const parts: KeptPart[] = request.kind === 'override' ? [{ ...times, person: request.person }] : [];
    for (const [index, shift] of (request.kind === 'temporary' ? request.shifts : []).entries())
      parts.push({
        from: await instant(shift.from, `/shifts/${index}/from`),
        until: await instant(shift.until, `/shifts/${index}/until`),
        person: shift.person,
      });
    return {
      ...{ site, id, rota, kind, reason, ...times, parts, state: 'valid', asked: null, ended: null },
      ...{ madeAt: this.#now(), madeBy: { account: person.account, name: person.name } },
    };
  }

  async #check(tx: Queryable, exception: StoredException): Promise<void> {
    const { site, rota, kind, from, until, parts } = exception;
    const nowMs = this.#options.nowMs();
    const isLate = Date.parse(until) > nowMs + dutyPolicy.longestAheadMs;
    if (until <= from || Date.parse(until) <= nowMs || isLate)
      throw new WatchpostError('duty.period', { path: '/until' });
    const people = new Set((await peopleWithRole(tx, site, dutyRoles)).map(({ id }) => id));
    const ordered = [...parts].sort((one, other) => (one.from < other.from ? -1 : 1));
    for (const [index, part] of parts.entries()) {
      const path = kind === 'override' ? '' : `/shifts/${index}`;
      if (!people.has(part.person))
        throw new WatchpostError('duty.person_unknown', { path: `${path}/person` });
      if (part.until <= part.from || part.from < from || part.until > until)
        throw new WatchpostError('duty.period', { path: `${path}/until` });
      const next = ordered[ordered.indexOf(part) + 1];
      if (next && next.from < part.until) throw new WatchpostError('duty.overlap', { path: `${path}/until` });
    }
    const others = await exceptionsOf(tx, {
      ...{ site, rotas: [rota], states: ['valid'] as const, from: this.#now() },
    });
    if (others.length >= dutyPolicy.exceptionsAtMost)
      throw new WatchpostError('duty.too_many', { details: { limit: dutyPolicy.exceptionsAtMost } });
    if (others.some((other) => other.kind === kind && other.from < until && from < other.until))
      throw new WatchpostError('duty.overlap', { path: '/from' });
  }

  async #view(made: StoredException): Promise<DutyException> {
    const [view] = await toExceptionViews(this.#options.db, [made]);
    if (!view) throw new WatchpostError('api.not_found');
    return view;
  }

  async #note(
    tx: Queryable,
    person: Person,
    { site, id, rota }: StoredException,
    action: 'duty_exception_made' | 'duty_exception_cancelled',
    reason: string,
    details: Readonly<Record<string, string>>,
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

/** The first answer, for whoever asks for the same again. */
function again(before: StoredException, exception: StoredException): StoredException {
  const saying = ({ rota, kind, from, until, parts, reason }: StoredException) =>
    JSON.stringify([rota, kind, from, until, parts, reason]);
  if (saying(before) === saying(exception)) return before;
  throw new WatchpostError('api.invalid', { path: '/id', details: { expected: 'an id of its own' } });
}
