import type { DueWorker } from '../jobs/due-worker.ts';
import type { Queryable } from '../store/schema.ts';
import { type DepartmentPaging, OutboxPaging } from './department-paging.ts';
import { Departments, type OnDutyLookup } from './departments.ts';
import { OfferViews } from './offer-views.ts';
import { Offers } from './offers.ts';
import { pageAgain } from './page-again.ts';
import { defaultResponsePolicy } from './policy.ts';
import { type PositionSite, Positions } from './positions.ts';
import { incidentSubjects, type SubjectLookup } from './subjects.ts';
import { Tasks } from './tasks.ts';
import { Timelines } from './timeline.ts';
import { UnitMaps } from './unit-map.ts';

/** What {@link JointResponse} needs. */
export interface JointResponseOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly duty: OnDutyLookup;
  readonly sites: ReadonlyMap<string, PositionSite>;
  /** Told when something was committed that is to be sent. */
  readonly noticesWritten: () => void;
  readonly dueWorker: Pick<DueWorker, 'handle' | 'expect'>;
  readonly paging?: DepartmentPaging | undefined;
  readonly subjects?: SubjectLookup | undefined;
}

/** Departments that answer together on the sites of a server. */
export class JointResponse {
  readonly departments: Departments;
  readonly offers: Offers;
  readonly offerViews: OfferViews;
  readonly tasks: Tasks;
  readonly positions: Positions;
  readonly timelines: Timelines;
  readonly maps: UnitMaps;

  constructor(options: JointResponseOptions) {
    const { db, nowMs, duty, sites, noticesWritten, dueWorker } = options;
    const { paging = new OutboxPaging(), subjects = incidentSubjects } = options;
    const zones = new Map(
      [...sites].map(([id, { directory }]) => [
        id,
        new Set<string>(directory.site.zones.map((zone) => zone.id)),
      ]),
    );
    this.departments = new Departments({ db, nowMs, duty, zones });
    this.positions = new Positions({ db, nowMs, duty, sites });
    const { departments, positions } = this;
    const expect = (atMs: number) => dueWorker.expect(atMs);
    const pageAgainAfterMs = (site: string) =>
      (sites.get(site)?.policy ?? defaultResponsePolicy).pageAgainAfter;
    const common = { subjects, paging, noticesWritten, expect, pageAgainAfterMs };
    this.offerViews = new OfferViews({ db, nowMs, subjects, departments, positions });
    this.offers = new Offers({ ...common, db, nowMs, departments, views: this.offerViews });
    for (const site of sites.keys()) dueWorker.handle(site, 'response.page', pageAgain({ ...common, site }));
    this.tasks = new Tasks({ db, nowMs, subjects, offers: this.offers });
    this.timelines = new Timelines({ db, nowMs, subjects });
    this.maps = new UnitMaps({ db, nowMs, departments, positions });
  }
}
