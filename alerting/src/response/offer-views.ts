import type {
  DepartmentView,
  NearestUnits,
  OfferPage,
  OfferQuery,
  ResponseOffer,
  SubjectOffers,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type SiteId, siteIdSchema } from '@watchpost/contracts/wire';
import { concernOf } from '../incidents/concern.ts';
import { listAlerts } from '../store/alert-queue.ts';
import { departmentsOf, findDepartment, unitsOf } from '../store/department-store.ts';
import { incidentIdsOf } from '../store/incident-store.ts';
import { findOffer, listOffers, offersOf, type StoredOffer, tasksOf } from '../store/response-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { Departments } from './departments.ts';
import { rankUnits } from './nearest-units.ts';
import { offeredTo } from './offered-to.ts';
import { pageCursor, positionOfCursor } from './page-cursor.ts';
import { responsePolicy } from './policy.ts';
import type { Positions } from './positions.ts';
import { type Asking, type AskingOne, assertDispatches, partsFor } from './reach.ts';
import type { SubjectLookup } from './subjects.ts';
import { taskViews } from './task-view.ts';

/** What {@link OfferViews} needs. */
export interface OfferViewsOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly subjects: SubjectLookup;
  readonly departments: Pick<Departments, 'unitsWithState'>;
  readonly positions: Pick<Positions, 'ofMembers' | 'placeOf' | 'usedForMs'>;
}

/** What was offered to departments, as each of those who ask may see it. */
export class OfferViews {
  readonly #options: OfferViewsOptions;

  constructor(options: OfferViewsOptions) {
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
    return { subject, offers: await this.#of(asking, offers) };
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
      offers: await this.#of(asking, shown),
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

  /** One of them. @throws WatchpostError `api.not_found` */
  async one(asking: AskingOne): Promise<ResponseOffer> {
    const offer = await findOffer(this.#options.db, asking.sites, asking.id);
    const [view] = offer ? await this.#of(asking, [offer]) : [];
    if (!view) throw new WatchpostError('api.not_found');
    return view;
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

  /** What was offered to a department of the person, though it is not in their zones. */
  #offeredSubject(asking: AskingOne) {
    const { db, subjects } = this.#options;
    return offeredTo(db, subjects, asking);
  }

  async #of(asking: Asking, offers: readonly StoredOffer[]): Promise<ResponseOffer[]> {
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
