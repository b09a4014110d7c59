import type { ResponseTask, TaskPage, TaskQuery, TaskStepRequest } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { findDepartment, findUnit, unitsOf } from '../store/department-store.ts';
import {
  findOffer,
  findTask,
  listTasks,
  type StoredOffer,
  type StoredTask,
  stepByRequest,
  updateTask,
} from '../store/response-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { Offers } from './offers.ts';
import { pageCursor, positionOfCursor } from './page-cursor.ts';
import { type Asking, type AskingOne, idTaken, note, partsFor } from './reach.ts';
import type { SubjectLookup } from './subjects.ts';
import { stepTo } from './task-ladder.ts';
import { actorOn, taskViews } from './task-view.ts';

/** What {@link Tasks} needs. */
export interface TasksOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly subjects: SubjectLookup;
  readonly offers: Pick<Offers, 'acknowledged'>;
}

/** The tasks of units, as who is of them and who gives them see them. */
export class Tasks {
  readonly #options: TasksOptions;

  constructor(options: TasksOptions) {
    this.#options = options;
  }

  /** Those of the person, or of the departments whose tasks they give; those that changed last first. */
  async list(asking: Asking, { department, of, ended, limit, cursor }: TaskQuery): Promise<TaskPage> {
    const { db } = this.#options;
    const parts = await partsFor(db, asking);
    const departments = [...parts.keys()].filter((id) => department === undefined || id === department);
    const units = (await unitsOf(db, departments)).filter((unit) =>
      of === 'mine'
        ? unit.members.includes(asking.person.account)
        : parts.get(unit.department) === 'dispatch',
    );
    const rows = await listTasks(db, {
      of: units.map(({ id }) => id),
      ...{ withEnded: ended === 'true', after: positionOfCursor(cursor), limit: limit + 1 },
    });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      tasks: await this.#views(asking, shown),
      next: rows.length > limit && last ? pageCursor({ at: last.since, id: last.id }) : null,
      time: this.#now(),
    };
  }

  /**
   * One step on the ladder; the first acceptance is the acknowledgement of the department. A repeat of the
   * same request has the first answer.
   * @throws WatchpostError `api.not_found`, `response.stale`, `response.step`, `response.reason_needed`,
   *   `response.ended`
   */
  async step(asking: AskingOne, request: TaskStepRequest): Promise<ResponseTask> {
    const { db, offers } = this.#options;
    await db.transaction().execute(async (tx) => {
      const { task, offer, actor } = await this.#find(tx, asking);
      const before = await stepByRequest(tx, [task.site], request.id);
      if (before) {
        if (before.task === task.id && before.to === request.to) return;
        throw idTaken();
      }
      if (offer.endedAt !== null) throw new WatchpostError('response.ended');
      if (task.version !== request.version)
        throw new WatchpostError('response.stale', { path: '/version', details: { state: task.state } });
      const step = stepTo(task.state, request.to, actor);
      if (!step)
        throw new WatchpostError('response.step', {
          ...{ path: '/to', details: { from: task.state, to: request.to } },
        });
      if (step.needsReason && request.reason === undefined)
        throw new WatchpostError('response.reason_needed', { path: '/reason' });
      const at = this.#now();
      const reason = request.reason ?? null;
      const changed: StoredTask = { ...task, version: task.version + 1, state: request.to, since: at };
      const written = { at, from: task.state, to: request.to, by: asking.person.name, reason };
      await updateTask(tx, changed, { ...written, request: request.id });
      const department = await findDepartment(tx, [offer.site], offer.department);
      if (request.to === 'accepted' && offer.acknowledgedAt === null && department)
        await offers.acknowledged(tx, asking, offer, department);
      await note(tx, at, asking.person, {
        ...{ site: task.site, action: 'task_step', subject: { kind: 'task', id: task.id }, reason },
        details: { from: task.state, to: request.to, unit: task.unit },
      });
    });
    const task = await findTask(db, asking.sites, asking.id);
    const [view] = task ? await this.#views(asking, [task]) : [];
    if (!view) throw new WatchpostError('api.not_found');
    return view;
  }

  async #find(tx: Queryable, asking: AskingOne) {
    const found = await findTask(tx, asking.sites, asking.id);
    // The offer first, as everywhere: two people never wait for each other.
    const offer = found && (await findOffer(tx, [found.site], found.offer, true));
    const task = found && (await findTask(tx, [found.site], found.id, true));
    const unit = task && (await findUnit(tx, [task.site], task.unit));
    const parts = await partsFor(tx, asking);
    const actor = offer && actorOn(asking.person, parts.get(offer.department), unit);
    if (!task || !offer || !actor) throw new WatchpostError('api.not_found');
    return { task, offer, actor };
  }

  async #views(asking: Asking, tasks: readonly StoredTask[]): Promise<ResponseTask[]> {
    const { db, subjects } = this.#options;
    const offers: StoredOffer[] = [];
    for (const id of new Set(tasks.map(({ offer }) => offer))) {
      const offer = await findOffer(db, asking.sites, id);
      if (offer) offers.push(offer);
    }
    const about = await subjects.offered(
      db,
      asking.sites,
      offers.map(({ subject }) => subject),
    );
    const parts = await partsFor(db, asking);
    return taskViews({ db, parts, person: asking.person, about, offers }, tasks);
  }

  #now(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }
}
