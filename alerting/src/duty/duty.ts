import type { ComponentHealth } from '@watchpost/contracts/api';
import { type SiteId, siteIdSchema } from '@watchpost/contracts/wire';
import { Exceptions } from './exceptions.ts';
import { Handovers } from './handovers.ts';
import { Roster } from './roster.ts';
import { RotaPlans, type RotaPlansOptions } from './rota-plans.ts';
import { ShiftPlanner, type ShiftPlannerOptions } from './shift-planner.ts';
import { Swaps } from './swaps.ts';

/** What {@link Duty} needs. */
export type DutyOptions = Omit<ShiftPlannerOptions, 'sites'> & Pick<RotaPlansOptions, 'sites'>;

/** Who is on duty on the sites of a server: what is planned, what takes its place, and who asks. */
export class Duty {
  readonly plans: RotaPlans;
  readonly exceptions: Exceptions;
  readonly swaps: Swaps;
  readonly roster: Roster;
  readonly handovers: Handovers;
  readonly #planner: ShiftPlanner;
  readonly #sites: readonly SiteId[];

  constructor(options: DutyOptions) {
    const { db, nowMs, sites } = options;
    this.#sites = [...sites.keys()].map((id) => siteIdSchema.parse(id));
    const planner = new ShiftPlanner({ ...options, sites: this.#sites });
    const changed = planner.plan.bind(planner);
    this.plans = new RotaPlans({ db, nowMs, sites, changed });
    this.exceptions = new Exceptions({ db, nowMs, changed });
    this.swaps = new Swaps({ db, nowMs, changed });
    this.roster = new Roster({ db, nowMs, found: (site) => planner.found(site) });
    this.handovers = new Handovers({ db, nowMs, roster: this.roster });
    this.#planner = planner;
  }

  start(): void {
    this.#planner.start();
  }

  stop(): Promise<void> {
    return this.#planner.stop();
  }

  /** Plans every site now. */
  async plan(): Promise<void> {
    for (const site of this.#sites) await this.#planner.plan(site);
  }

  health(): ComponentHealth {
    return this.#planner.health();
  }
}
