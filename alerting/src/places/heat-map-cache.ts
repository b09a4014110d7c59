import { createHash } from 'node:crypto';
import { heatMapSchema } from '@watchpost/contracts/api';
import type { Site, SitePlan } from '@watchpost/contracts/site';
import { placeStates } from '../store/place-risk-store.ts';
import type { Queryable } from '../store/schema.ts';
import { drawHeatMap } from './heat-map.ts';
import { cellOn } from './plan-cell.ts';
import { heatPolicy } from './policy.ts';
import { cellsOfZones } from './zone-cells.ts';

/** A heat map as it is answered. */
export interface DrawnHeatMap {
  /** Digest of what it was drawn from. */
  readonly digest: string;
  /** JSON of a `HeatMap`. */
  readonly body: string;
}

/**
 * The heat map of a plan, drawn once for all who ask while nothing changes: the stored cells tell, so it does
 * not matter who changed them. Who asks while the cells are being read gets what is read after that, and
 * shares it with all others who wait.
 */
export class HeatMapCache {
  readonly #db: Queryable;
  readonly #site: Site;
  readonly #plan: SitePlan;
  readonly #nowMs: () => number;
  readonly #zones: readonly string[] | null;
  #drawn: DrawnHeatMap | undefined;
  #reading: Promise<DrawnHeatMap> | undefined;
  #next: Promise<DrawnHeatMap> | undefined;

  /** `zones`: draws what happened in these alone. */
  constructor(
    db: Queryable,
    site: Site,
    plan: SitePlan,
    nowMs: () => number,
    zones: readonly string[] | null = null,
  ) {
    this.#db = db;
    this.#site = site;
    this.#plan = plan;
    this.#nowMs = nowMs;
    this.#zones = zones;
  }

  /** The map as of now; its time is when it was drawn. */
  current(): Promise<DrawnHeatMap> {
    if (!this.#reading) return this.#begin();
    this.#next ??= this.#reading
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#begin();
      });
    return this.#next;
  }

  #begin(): Promise<DrawnHeatMap> {
    const reading = this.#look().finally(() => {
      if (this.#reading === reading) this.#reading = undefined;
    });
    this.#reading = reading;
    return reading;
  }

  async #look(): Promise<DrawnHeatMap> {
    const isDrawn = this.#zones === null ? () => true : cellsOfZones(this.#site, this.#plan, this.#zones);
    const stored = await placeStates(this.#db, this.#site.id);
    const states = stored.flatMap((state) => {
      const cell = cellOn(this.#site, this.#plan.id, state.cell);
      return cell === undefined || !isDrawn(cell) ? [] : [{ ...state, cell }];
    });
    const nowMs = this.#nowMs();
    const period = Math.floor(nowMs / heatPolicy.redrawnEveryMs);
    const digest = createHash('sha256')
      .update(JSON.stringify([period, states]))
      .digest('base64url');
    if (this.#drawn?.digest === digest) return this.#drawn;
    const map = heatMapSchema.parse(drawHeatMap(states, this.#plan, nowMs, isDrawn));
    this.#drawn = { digest, body: JSON.stringify(map) };
    return this.#drawn;
  }
}
