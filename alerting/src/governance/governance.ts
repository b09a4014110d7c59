import type { SiteId } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import type { Queryable } from '../store/schema.ts';
import type { Enroller } from './enroller.ts';
import { ListKeeper } from './list-keeper.ts';
import { ListPhotos } from './list-photos.ts';
import { Lists } from './lists.ts';
import type { PermitSource } from './permit-file.ts';

/** What {@link Governance} needs. */
export interface GovernanceOptions {
  readonly db: Queryable;
  /** The zones of each site that runs. */
  readonly sites: ReadonlyMap<SiteId, ReadonlySet<string>>;
  /** Undefined: lists reach no gateway. */
  readonly permits: PermitSource | undefined;
  /** Undefined: entries get no photos. */
  readonly enroller: Enroller | undefined;
  readonly nowMs: () => number;
  readonly newId: () => string;
  readonly logger: Logger;
}

/** The lists of all sites, with what keeps their gateways in step. */
export class Governance {
  readonly lists: Lists;
  readonly photos: ListPhotos;
  readonly #keepers: ReadonlyMap<string, ListKeeper>;

  constructor({ sites, permits, ...options }: GovernanceOptions) {
    const { db, nowMs, newId, enroller } = options;
    this.#keepers = new Map(
      permits ? [...sites.keys()].map((site) => [site, new ListKeeper({ ...options, site, permits })]) : [],
    );
    this.lists = new Lists({
      ...{ db, nowMs, newId },
      zonesOf: (site) => sites.get(site as SiteId),
      galleryRecord: async (site) => permits?.record(site),
      changed: (site) => this.#keepers.get(site)?.changed(),
    });
    this.photos = new ListPhotos({ db, nowMs, lists: this.lists, enroller });
  }

  start(): void {
    for (const keeper of this.#keepers.values()) keeper.start();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#keepers.values()].map((keeper) => keeper.stop()));
  }
}
