import type { offerRequestSchema, ResponseOffer, TaskRequest } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { siteIdSchema } from '@watchpost/contracts/wire';
import type { z } from 'zod';
import { findDepartment, type StoredDepartment } from '../store/department-store.ts';
import { writeDue } from '../store/due-store.ts';
import {
  findOffer,
  insertOffer,
  offersOf,
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
import { giveUnit } from './give-unit.ts';
import type { OfferViews } from './offer-views.ts';
import { pageRow } from './page-again.ts';
import { type Asking, type AskingOne, assertDispatches, idTaken, note, partsFor } from './reach.ts';
import type { SubjectLookup } from './subjects.ts';
import { isOver } from './task-ladder.ts';

/** What {@link Offers} needs. */
export interface OffersOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly subjects: SubjectLookup;
  readonly departments: Departments;
  readonly views: Pick<OfferViews, 'one'>;
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
        await giveUnit(tx, this.#options, asking, offer, {
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
    return this.#options.views.one({ ...asking, id: request.id });
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
      await giveUnit(tx, this.#options, asking, offer, { ...request, path: '/unit' });
      await note(tx, this.#now(), asking.person, {
        ...{ site: offer.site, action: 'task_offered', subject: { kind: 'offer', id: offer.id } },
        ...{ reason: request.reason ?? null, details: { unit: request.unit } },
      });
    });
    return this.#options.views.one(asking);
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
    return this.#options.views.one(asking);
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
    return this.#options.views.one(asking);
  }

  async #stopPaging(tx: Queryable, offer: StoredOffer, department: StoredDepartment): Promise<void> {
    const { subjects, paging } = this.#options;
    const subject = (await subjects.offered(tx, [offer.site], [offer.subject])).get(offer.subject);
    if (subject) await paging.stopped(tx, { department, subject, at: this.#now() });
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

  #now(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }
}

/** The id of a task that comes with its offer: the same in a repeat. */
function taskIdOf(offer: string, index: number): string {
  const last = (Number.parseInt(offer.slice(-4), 16) + index + 1) % 0x10000;
  return offer.slice(0, -4) + last.toString(16).padStart(4, '0');
}
