import type { SiteId } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import type { Queryable } from '../store/schema.ts';
import type { Enroller } from './enroller.ts';
import { ListPhotos } from './list-photos.ts';
import { ListReconciler } from './list-reconciler.ts';
import { Lists } from './lists.ts';
import type { PermitSource } from './permit-file.ts';
import { defaultSiteListsPolicy, type SiteListsPolicy } from './policy.ts';

/** What {@link Governance} needs. */
export interface GovernanceOptions {
  readonly db: Queryable;
  /** The zones of each site that runs. */
  readonly sites: ReadonlyMap<SiteId, ReadonlySet<string>>;
  /** What each of them decides of its lists; {@link defaultSiteListsPolicy} for those that are absent. */
  readonly policies?: ReadonlyMap<SiteId, SiteListsPolicy> | undefined;
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
  readonly #reconcilers: ReadonlyMap<string, ListReconciler>;

  constructor({ sites, policies, permits, ...options }: GovernanceOptions) {
    const { db, nowMs, newId, enroller } = options;
    const policyOf = (site: SiteId) => policies?.get(site) ?? defaultSiteListsPolicy;
    this.#reconcilers = new Map(
      permits
        ? [...sites.keys()].map((site) => [
            site,
            new ListReconciler({ ...options, site, permits, policy: policyOf(site) }),
          ])
        : [],
    );
    this.lists = new Lists({
      ...{ db, nowMs, newId, policyOf },
      zonesOf: (site) => sites.get(site as SiteId),
      galleryRecord: async (site) => permits?.record(site),
      changed: (site) => this.#reconcilers.get(site)?.changed(),
    });
    this.photos = new ListPhotos({ db, nowMs, lists: this.lists, enroller });
  }

  start(): void {
    for (const reconciler of this.#reconcilers.values()) reconciler.start();
  }

  /** A pass of the site was taken back: its gateways are told. */
  passRevoked(site: SiteId): void {
    this.#reconcilers.get(site)?.passRevoked();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#reconcilers.values()].map((reconciler) => reconciler.stop()));
  }
}
