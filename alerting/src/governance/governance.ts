import type { ComponentHealth } from '@watchpost/contracts/api';
import type { Rekeyed } from '@watchpost/contracts/enrolment';
import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import type { SiteId } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import type { Queryable } from '../store/schema.ts';
import type { Enroller } from './enroller.ts';
import { ListPhotos } from './list-photos.ts';
import { ListReconciler, type ReconcilerState } from './list-reconciler.ts';
import { Lists } from './lists.ts';
import { faultsOf, listsHealth } from './lists-health.ts';
import type { PermitSource } from './permit-file.ts';
import { defaultSiteListsPolicy, listsPolicy, type SiteListsPolicy } from './policy.ts';
import { rekeyGallery } from './rekey-gallery.ts';

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
  /** Told again and again what keeps the gateways of a site from following its lists: nothing, most often. */
  readonly onState?: ((site: SiteId, faults: readonly ErrorCode[]) => void) | undefined;
}

/** The lists of all sites, with what keeps their gateways in step. */
export class Governance {
  readonly lists: Lists;
  readonly photos: ListPhotos;
  readonly #reconcilers: ReadonlyMap<SiteId, ListReconciler>;
  readonly #options: Pick<GovernanceOptions, 'db' | 'enroller' | 'nowMs' | 'sites' | 'onState'>;
  #watch: NodeJS.Timeout | undefined;

  constructor({ sites, policies, permits, ...options }: GovernanceOptions) {
    this.#options = { ...options, sites };
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
      changed: (site) => this.#reconcilers.get(site as SiteId)?.changed(),
    });
    this.photos = new ListPhotos({ db, nowMs, lists: this.lists, enroller });
  }

  /** How the gateways of a site are kept in step; undefined where nobody does. */
  reconciler(site: string): ReconcilerState | undefined {
    return this.#reconcilers.get(site as SiteId)?.state;
  }

  /** For the health page. */
  health(): ComponentHealth {
    return listsHealth([...this.#reconcilers.values()].map(({ state }) => state));
  }

  /**
   * New gallery keys for a site; its gateways get them, with the gallery, as soon as that is made.
   * @throws WatchpostError `list.site_unknown`, and as {@link rekeyGallery}
   */
  async rekey(site: string, reason: string | null): Promise<Rekeyed> {
    const found = [...this.#options.sites.keys()].find((id) => id === site);
    if (found === undefined) throw new WatchpostError('list.site_unknown', { path: '/site' });
    const rekeyed = await rekeyGallery(found, reason, this.#options);
    this.#reconcilers.get(found)?.changed();
    return rekeyed;
  }

  start(): void {
    for (const reconciler of this.#reconcilers.values()) reconciler.start();
    // Of its own: a reconciler that stands still tells nothing.
    this.#watch = setInterval(() => this.#tellStates(), listsPolicy.everyMs);
  }

  #tellStates(): void {
    for (const [site, { state }] of this.#reconcilers) this.#options.onState?.(site, faultsOf(state));
  }

  /** A pass of the site was taken back: its gateways are told. */
  passesChanged(site: SiteId): void {
    this.#reconcilers.get(site)?.passesChanged();
  }

  async stop(): Promise<void> {
    clearInterval(this.#watch);
    await Promise.all([...this.#reconcilers.values()].map((reconciler) => reconciler.stop()));
  }
}
