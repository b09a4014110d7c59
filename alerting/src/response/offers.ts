import type {
  DepartmentView,
  NearestUnits,
  OfferPage,
  OfferQuery,
  offerRequestSchema,
  ResponseOffer,
  SubjectOffers,
  TaskRequest,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type SiteId, siteIdSchema } from '@watchpost/contracts/wire';
import type { z } from 'zod';
import { concernOf } from '../incidents/concern.ts';
import { listAlerts } from '../store/alert-queue.ts';
import {
  departmentsOf,
  findDepartment,
  findUnit,
  type StoredDepartment,
  unitsOf,
} from '../store/department-store.ts';
import { writeDue } from '../store/due-store.ts';
import { incidentIdsOf } from '../store/incident-store.ts';
import {
  findOffer,
  insertOffer,
  insertTask,
  listOffers,
  offersOf,
  openTasksOf,
  type StoredOffer,
  type StoredTask,
  stepByRequest,
  tasksOf,
  updateOffer,
  updateTask,
} from '../store/response-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { DepartmentPaging } from './department-paging.ts';
import type { Departments } from './departments.ts';
import { rankUnits } from './nearest-units.ts';
import { offeredTo } from './offered-to.ts';
import { pageRow } from './page-again.ts';
import { pageCursor, positionOfCursor } from './page-cursor.ts';
import { responsePolicy } from './policy.ts';
import type { Positions } from './positions.ts';
import { type Asking, type AskingOne, assertDispatches, idTaken, note, partsFor } from './reach.ts';
import type { SubjectLookup } from './subjects.ts';
import { isOver } from './task-ladder.ts';
import { taskViews } from './task-view.ts';

/** What {@link Offers} needs. */
export interface OffersOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly subjects: SubjectLookup;
  readonly departments: Departments;
  readonly positions: Positions;
  readonly paging: DepartmentPaging;
  /** Told when something was committed that is to be sent. */
  readonly noticesWritten: () => void;
  /** Told when work is due. */
  readonly expect: (atMs: number) => void;
  /** After which time a department that has not answered is paged again. */
  readonly pageAgainAfterMs: (site: string) => number;
}

type ParsedOffer = z.output<typeof offerRequestSchema>;

/** What is offered to departments: each answers for itself, and sees nothing of the tasks of another. */
export class Offers {
  readonly #options: OffersOptions;

  constructor(options: OffersOptions) {
    this.#options = options;
  }

  /** To whom a subject was offered, the first first. @throws WatchpostError `api.not_found` */
  async ofSubject(asking: AskingOne): Promise<SubjectOffers> {
    const { db, subjects } = this.#options;
    const subject =
      (await subjects.find(db, asking.person, asking.sites, asking.id)) ??
      (await this.#offeredSubject(asking));
    if (!subject) throw new WatchpostError('api.not_found');
    const offers = await offersOf(db, subject.site, subject.id);
    return { subject, offers: await this.#views(asking, offers) };
  }

  /** What was offered to the departments of the person, the newest first. */
  async list(asking: Asking, { department, ended, limit, cursor }: OfferQuery): Promise<OfferPage> {
    const { db } = this.#options;
    const parts = await partsFor(db, asking);
    const of = [...parts.keys()].filter((id) => department === undefined || id === department);
    const rows = await listOffers(db, {
      ...{ of, withEnded: ended === 'true', after: positionOfCursor(cursor), limit: limit + 1 },
    });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      offers: await this.#views(asking, shown),
      next: rows.length > limit && last ? pageCursor({ at: last.offeredAt, id: last.id }) : null,
      time: this.#now(),
    };
  }

  /**
   * Incidents that a department sees, the most urgent first. @throws WatchpostError `api.not_found` for who
   * is not of it
   */
  async view(asking: AskingOne): Promise<DepartmentView> {
    const { db } = this.#options;
    const department = await findDepartment(db, asking.sites, asking.id);
    if (!department || !(await partsFor(db, asking)).has(asking.id))
      throw new WatchpostError('api.not_found');
    const { site, zones, concerns } = department;
    const limit = responsePolicy.viewAtMost;
    const alerts = await listAlerts(db, {
      ...{ sites: [site], order: 'urgency', limit: limit + 1 },
      states: ['open', 'acknowledged', 'in_progress'],
      ...(zones === null ? {} : { within: { [site]: zones } }),
    });
    const wanted = alerts
      .slice(0, limit)
      .filter((alert) => concerns === null || concerns.includes(concernOf(alert)));
    const incidents = await incidentIdsOf(
      db,
      site,
      wanted.map(({ id }) => id),
    );
    const found = await this.#options.subjects.offered(db, [site], [...new Set(incidents.values())]);
    return { subjects: [...found.values()], more: alerts.length > limit };
  }

  /**
   * Offers a subject to a department. A repeat of the same request has the first answer.
   * @throws WatchpostError `api.not_found`, `response.offered`, `response.not_dispatcher`,
   *   `response.unit_unknown`, `response.reason_needed`, `response.too_many`, `api.invalid` for an id of
   *   another one
   */
  async make(asking: Asking, request: ParsedOffer): Promise<ResponseOffer> {
    const { db, subjects, paging, noticesWritten, expect, nowMs } = this.#options;
    const { person, sites } = asking;
    const told = await db.transaction().execute(async (tx) => {
      const subject = await subjects.find(tx, person, sites, request.subject);
      if (!subject) throw new WatchpostError('api.not_found', { path: '/subject' });
      const department = await findDepartment(tx, [subject.site], request.department, true);
      if (!department || department.isEnded)
        throw new WatchpostError('api.not_found', { path: '/department' });
      const { site } = subject;
      const before = await findOffer(tx, [site], request.id);
      if (before) {
        if (
          before.subject === subject.id &&
          before.department === request.department &&
          before.note === request.note &&
          before.offeredBy.account === person.account
        )
          return undefined;
        throw idTaken();
      }
      const others = await offersOf(tx, site, subject.id);
      if (others.some((one) => one.department === department.id && one.endedAt === null))
        throw new WatchpostError('response.offered', { path: '/department' });
      const at = this.#now();
      const offer: StoredOffer = {
        ...{ site, id: request.id, version: 1, subject: subject.id, department: department.id },
        ...{ note: request.note, offeredAt: at, offeredBy: { account: person.account, name: person.name } },
        ...{ acknowledgedAt: null, acknowledgedBy: null, endedAt: null, endedBy: null, endReason: null },
      };
      if (!(await insertOffer(tx, offer))) throw idTaken();
      if (request.units.length > 0) assertDispatches(await partsFor(tx, asking), department.id);
      for (const [index, unit] of request.units.entries())
        await this.#give(tx, asking, offer, {
          ...{ id: taskIdOf(request.id, index), unit, reason: request.reason, path: `/units/${index}` },
        });
      const isTold = await paging.offered(tx, { department, subject, at }, 0);
      const again = pageRow(offer, this.#options.pageAgainAfterMs(site), nowMs(), 0);
      await writeDue(tx, [again]);
      await note(tx, at, person, {
        ...{ site, action: 'response_offered', subject: { kind: 'offer', id: offer.id } },
        reason: request.reason ?? null,
        details: { about: subject.id, department: department.id, units: [...request.units] },
      });
      return { isTold, nextMs: again.atMs };
    });
    if (told?.isTold) noticesWritten();
    if (told) expect(told.nextMs);
    return this.#one({ ...asking, id: request.id });
  }

  /**
   * Gives an offer to a unit of its department as well.
   * @throws WatchpostError as {@link make}, and `response.ended`
   */
  async giveTask(asking: AskingOne, request: TaskRequest): Promise<ResponseOffer> {
    const { db } = this.#options;
    await db.transaction().execute(async (tx) => {
      const { offer } = await this.#find(tx, asking);
      assertDispatches(await partsFor(tx, asking), offer.department);
      const before = await stepByRequest(tx, [offer.site], request.id);
      if (before) {
        const [task] = (await tasksOf(tx, [offer.id])).filter(({ id }) => id === before.task);
        if (task?.unit === request.unit) return;
        throw idTaken();
      }
      if (offer.endedAt !== null) throw new WatchpostError('response.ended');
      await this.#give(tx, asking, offer, { ...request, path: '/unit' });
      await note(tx, this.#now(), asking.person, {
        ...{ site: offer.site, action: 'task_offered', subject: { kind: 'offer', id: offer.id } },
        ...{ reason: request.reason ?? null, details: { unit: request.unit } },
      });
    });
    return this.#one(asking);
  }

  /**
   * The department has it: it is not paged about it any more, others are. Harmless again.
   * @throws WatchpostError `api.not_found`, `response.ended`
   */
  async acknowledge(asking: AskingOne): Promise<ResponseOffer> {
    const { db } = this.#options;
    await db.transaction().execute(async (tx) => {
      const { offer, department } = await this.#find(tx, asking);
      if (!(await partsFor(tx, asking)).has(department.id))
        throw new WatchpostError('response.not_dispatcher');
      if (offer.acknowledgedAt !== null) return;
      if (offer.endedAt !== null) throw new WatchpostError('response.ended');
      await this.acknowledged(tx, asking, offer, department);
      const subject = { kind: 'offer', id: offer.id };
      await note(tx, this.#now(), asking.person, {
        site: offer.site,
        action: 'response_acknowledged',
        subject,
      });
    });
    return this.#one(asking);
  }

  /** Writes that a department has it. In a transaction that holds the offer. */
  async acknowledged(
    tx: Queryable,
    { person }: Asking,
    offer: StoredOffer,
    department: StoredDepartment,
  ): Promise<void> {
    const at = this.#now();
    const { version } = offer;
    await updateOffer(tx, {
      ...offer,
      version: version + 1,
      acknowledgedAt: at,
      acknowledgedBy: person.name,
    });
    await this.#stopPaging(tx, offer, department);
  }

  /**
   * It is over for the department: by one of its dispatchers, or taken back by who offered it. Tasks that are
   * not over are recalled.
   * @throws WatchpostError `api.not_found`, `response.not_dispatcher`, `response.ended`
   */
  async end(asking: AskingOne, reason: string): Promise<ResponseOffer> {
    const { db } = this.#options;
    const { person } = asking;
    await db.transaction().execute(async (tx) => {
      const { offer, department } = await this.#find(tx, asking);
      if (offer.offeredBy.account !== person.account)
        assertDispatches(await partsFor(tx, asking), offer.department);
      if (offer.endedAt !== null) throw new WatchpostError('response.ended');
      const at = this.#now();
      const open = (await tasksOf(tx, [offer.id])).filter(({ state }) => !isOver(state));
      for (const task of open) {
        const recalled: StoredTask = { ...task, version: task.version + 1, state: 'recalled', since: at };
        const by = { at, by: person.name, reason, request: crypto.randomUUID() };
        await updateTask(tx, recalled, { ...by, from: task.state, to: 'recalled' });
      }
      const ended = { endedAt: at, endedBy: person.name, endReason: reason };
      await updateOffer(tx, { ...offer, version: offer.version + 1, ...ended });
      await this.#stopPaging(tx, offer, department);
      await note(tx, at, person, {
        ...{ site: offer.site, action: 'response_ended', subject: { kind: 'offer', id: offer.id }, reason },
        details: { recalled: open.length },
      });
    });
    return this.#one(asking);
  }

  /**
   * Units of a department in the order in which they are proposed; somebody chooses.
   * @throws WatchpostError `api.not_found`, `response.not_dispatcher`
   */
  async nearest(asking: Asking, subjectId: string, departmentId: string): Promise<NearestUnits> {
    const { db, subjects, departments, positions, nowMs } = this.#options;
    assertDispatches(await partsFor(db, asking), departmentId);
    const department = await findDepartment(db, asking.sites, departmentId);
    if (!department) throw new WatchpostError('api.not_found', { path: '/department' });
    const site = siteIdSchema.parse(department.site);
    const subject =
      (await subjects.find(db, asking.person, [site], subjectId)) ??
      (await this.#offeredSubject({ ...asking, id: subjectId }));
    if (!subject) throw new WatchpostError('api.not_found', { path: '/subject' });
    const units = await unitsOf(db, [departmentId]);
    const states = await departments.unitsWithState(units);
    const known = await positions.ofMembers(site, new Set(units.flatMap(({ members }) => members)));
    const atMs = nowMs();
    const ranked = rankUnits(
      units.map(({ id, name, members }) => ({
        ...{ id, name, state: states.get(id)?.state ?? 'off_duty' },
        positions: members.flatMap((member) => known.get(member) ?? []),
      })),
      positions.placeOf(subject),
      { nowMs: atMs, usedForMs: positions.usedForMs(site) },
    );
    return {
      units: ranked.map(({ id, name, state, nearest }) => ({
        ...{ unit: { id, name }, state },
        distanceM: nearest ? Math.round(nearest.distanceM) : null,
        accuracyM: nearest ? Math.round(nearest.position.accuracyM) : null,
        ageSeconds: nearest ? Math.max(0, Math.round((atMs - nearest.position.atMs) / 1000)) : null,
      })),
    };
  }

  async #stopPaging(tx: Queryable, offer: StoredOffer, department: StoredDepartment): Promise<void> {
    const { subjects, paging } = this.#options;
    const subject = (await subjects.offered(tx, [offer.site], [offer.subject])).get(offer.subject);
    if (subject) await paging.stopped(tx, { department, subject, at: this.#now() });
  }

  /** Writes a task. In a transaction that holds the offer. */
  async #give(
    tx: Queryable,
    { person }: Asking,
    offer: StoredOffer,
    {
      id,
      unit: unitId,
      reason,
      path,
    }: {
      readonly id: string;
      readonly unit: string;
      readonly reason?: string | undefined;
      readonly path: string;
    },
  ): Promise<void> {
    const { departments } = this.#options;
    const unit = await findUnit(tx, [offer.site], unitId, true);
    if (!unit || unit.isEnded || unit.department !== offer.department)
      throw new WatchpostError('response.unit_unknown', { path });
    const open = (await openTasksOf(tx, [unitId])).get(unitId) ?? [];
    if (open.length >= responsePolicy.openTasksAtMost)
      throw new WatchpostError('response.too_many', {
        path,
        details: { limit: responsePolicy.openTasksAtMost },
      });
    const known = await tasksOf(tx, [offer.id]);
    if (known.some((task) => task.unit === unitId && !isOver(task.state)))
      throw new WatchpostError('response.offered', { path });
    const state = await departments.stateOf(tx, unit, open);
    if (state !== 'available' && reason === undefined)
      throw new WatchpostError('response.reason_needed', {
        path: '/reason',
        details: { state, unit: unitId },
      });
    const at = this.#now();
    const task: StoredTask = {
      ...{ site: offer.site, id, version: 1, offer: offer.id, unit: unitId, state: 'offered' },
      ...{ since: at, offeredAt: at, offeredBy: person.name },
    };
    const step = { at, from: null, to: 'offered', by: person.name, reason: reason ?? null } as const;
    if (!(await insertTask(tx, task, { ...step, request: id }))) throw idTaken();
  }

  async #find(
    tx: Queryable,
    asking: AskingOne,
  ): Promise<{ readonly offer: StoredOffer; readonly department: StoredDepartment }> {
    const offer = await findOffer(tx, asking.sites, asking.id, true);
    const department = offer && (await findDepartment(tx, [offer.site], offer.department));
    if (!offer || !department || !(await this.#isSeen(tx, asking, offer)))
      throw new WatchpostError('api.not_found');
    return { offer, department };
  }

  /** Who is of the department sees it, and whoever sees what it is about. */
  async #isSeen(db: Queryable, asking: Asking, offer: StoredOffer): Promise<boolean> {
    if ((await partsFor(db, asking)).has(offer.department)) return true;
    const { subjects } = this.#options;
    const site = siteIdSchema.parse(offer.site);
    return (await subjects.find(db, asking.person, [site], offer.subject)) !== undefined;
  }

  /** What was offered to a department of the person, though it is not in their zones. */
  #offeredSubject(asking: AskingOne) {
    const { db, subjects } = this.#options;
    return offeredTo(db, subjects, asking);
  }

  async #one(asking: AskingOne): Promise<ResponseOffer> {
    const offer = await findOffer(this.#options.db, asking.sites, asking.id);
    const [view] = offer ? await this.#views(asking, [offer]) : [];
    if (!view) throw new WatchpostError('api.not_found');
    return view;
  }

  async #views(asking: Asking, offers: readonly StoredOffer[]): Promise<ResponseOffer[]> {
    const { db, subjects } = this.#options;
    if (offers.length === 0) return [];
    const sites = [...new Set(offers.map(({ site }) => site))];
    const parts = await partsFor(db, asking);
    const named = new Map((await departmentsOf(db, sites, true)).map((one) => [one.id, one]));
    const about = await subjects.offered(
      db,
      sites,
      offers.map(({ subject }) => subject),
    );
    const own = offers.filter(({ department }) => parts.has(department));
    const tasks = await tasksOf(
      db,
      own.map(({ id }) => id),
    );
    const views = await taskViews({ db, parts, person: asking.person, about, offers: own }, tasks);
    return offers.map((offer) => {
      const { id, version, subject, note: text, offeredAt, acknowledgedAt, endedAt } = offer;
      const department = named.get(offer.department);
      const isOwn = parts.has(offer.department);
      return {
        ...{ id, version, subject, note: text, offeredAt, acknowledgedAt, endedAt },
        site: siteIdSchema.parse(offer.site) as SiteId,
        department: {
          id: offer.department,
          name: department?.name ?? '',
          kind: department?.kind ?? 'property',
        },
        part: parts.get(offer.department) ?? null,
        offeredBy: offer.offeredBy.name,
        acknowledgedBy: isOwn ? offer.acknowledgedBy : null,
        tasks: isOwn ? views.filter((task) => task.offer === id) : null,
        about: about.get(subject) ?? null,
      };
    });
  }

  #now(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }
}

/** The id of a task that comes with its offer: the same in a repeat. */
function taskIdOf(offer: string, index: number): string {
  const last = (Number.parseInt(offer.slice(-4), 16) + index + 1) % 0x10000;
  return offer.slice(0, -4) + last.toString(16).padStart(4, '0');
}
