import type { HeatMap, RejectList } from '@watchpost/contracts/api';
import type { ConsoleApi } from '../api/console-api.ts';
import { consolePolicy } from '../policy.ts';
import { type Steady, steady } from './steady.ts';

export interface NearSiteOptions {
  readonly api: Pick<ConsoleApi, 'heat' | 'rejects'>;
  /** How a site is named to the server; null: it need not be. */
  readonly named: (site: string) => string | null;
  readonly readsRejects: (site: string) => boolean;
  readonly onHeat: (heat: HeatMap | null) => void;
  readonly onRejects: (rejects: RejectList | null) => void;
  /** The map could not be loaded. */
  readonly onProblem: (problem: unknown) => void;
}

/** Map and refused messages of the one site that is looked at; what comes of another by then is dropped. */
export class NearSite {
  readonly #options: NearSiteOptions;
  readonly #heat: Steady;
  #site: string | null;
  #plan: string | null = null;

  constructor(site: string | null, options: NearSiteOptions) {
    this.#site = site;
    this.#options = options;
    this.#heat = steady(consolePolicy.heatPace, () => void this.#loadHeat());
  }

  stop(): void {
    this.#heat.stop();
  }

  /** Looks at another site from now on; whether it is another. */
  move(site: string | null): boolean {
    if (this.#site === site) return false;
    this.#site = site;
    this.#plan = null;
    this.#options.onHeat(null);
    this.#options.onRejects(null);
    return true;
  }

  /** Shows the map of another plan of the site from now on; null: of its first. */
  turn(plan: string | null): void {
    if (this.#plan === plan) return;
    this.#plan = plan;
    this.#options.onHeat(null);
    void this.#loadHeat();
  }

  /** Loads both; the map when its pace allows it, its failures go to `onProblem`. @throws ApiProblem */
  async load(): Promise<void> {
    this.#heat.soon();
    const site = this.#site;
    const rejects = await this.#loadRejects(site);
    if (this.#site === site) this.#options.onRejects(rejects);
  }

  /** The map of a site changed at the server. */
  heatChanged(site: string): void {
    if (site === this.#site) this.#heat.soon();
  }

  async #loadRejects(site: string | null): Promise<RejectList | null> {
    const { api, named, readsRejects } = this.#options;
    return site === null || !readsRejects(site) ? null : api.rejects(named(site));
  }

  async #loadHeat(): Promise<void> {
    const site = this.#site;
    const plan = this.#plan;
    if (site === null) return;
    const { api, named, onHeat, onProblem } = this.#options;
    try {
      const heat = await api.heat(named(site), plan);
      if (this.#site === site && this.#plan === plan) onHeat(heat);
    } catch (problem) {
      onProblem(problem);
    }
  }
}
