import type { Logger } from 'pino';
import { systemGateway } from '../health/loss-finding.ts';
import {
  beginService,
  endService,
  type LeasedGateway,
  type LeaseHolder,
  type LeaseNews,
  lockFences,
  renewLeases,
} from '../store/lease-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { ServerSignals } from '../store/server-signals.ts';
import { LeaseLost, type LeaseState, type Leases } from './leases.ts';
import { leasePolicy } from './policy.ts';

/** What {@link LeaseManager} needs. */
export interface LeaseManagerOptions {
  /** Connections of its own: what is said there must not wait behind work. */
  readonly db: Queryable;
  /** Of this service; others of the database have other ones. */
  readonly name: string;
  /** Of this run of it. */
  readonly id: string;
  /** What there is to speak for. */
  readonly gateways: readonly LeasedGateway[];
  readonly signals: Pick<ServerSignals, 'send' | 'listen'>;
  readonly logger: Logger;
  readonly monotonicMs?: () => number;
  readonly policy?: Partial<typeof leasePolicy>;
}

const keyOf = (site: string, gateway: string): string => `${site} ${gateway}`;

/**
 * Shares the gateways of a database server with other services: says every second that this one lives, takes
 * its share and gives back what is more. The clock of the database decides when a lease is over.
 */
export class LeaseManager implements Leases {
  readonly #options: LeaseManagerOptions;
  readonly #policy: typeof leasePolicy;
  readonly #holder: LeaseHolder;
  readonly #leased: ReadonlySet<string>;
  readonly #listeners = new Set<() => void>();
  #held: ReadonlyMap<string, number> = new Map();
  #news: LeaseNews = { isReplaced: false, held: [], services: 1, free: [] };
  /** Since when nobody has a gateway, monotonic. */
  #freeSince = new Map<string, { readonly site: string; readonly atMs: number }>();
  #sureUntilMs = Number.NEGATIVE_INFINITY;
  #isBegun = false;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isStopped = true;
  #unlisten: (() => void) | undefined;

  constructor(options: LeaseManagerOptions) {
    this.#options = options;
    this.#leased = new Set(options.gateways.map(({ site, gateway }) => keyOf(site, gateway)));
    this.#policy = { ...leasePolicy, ...options.policy };
    this.#holder = { name: options.name, id: options.id, leaseMs: this.#policy.leaseMs };
  }

  get state(): LeaseState {
    const overMs = this.#monotonicMs() - this.#policy.unheldAboveMs;
    const unheld = [...this.#freeSince.values()].flatMap(({ site, atMs }) => (atMs <= overMs ? [site] : []));
    const { services, isReplaced, held } = this.#news;
    const count = (sites: readonly string[]) => new Map(Object.entries(countOf(sites)));
    return {
      ...{ name: this.#options.name, services, isReplaced },
      held: count(held.map(({ site }) => site)),
      unheld: count(unheld),
    };
  }

  holds(site: string, gateway: string): boolean {
    return this.#held.has(keyOf(site, gateway));
  }

  surelyHolds(site: string, gateway: string): boolean {
    return this.holds(site, gateway) && this.#monotonicMs() < this.#sureUntilMs;
  }

  async require(tx: Queryable, site: string, gateways: readonly string[]): Promise<void> {
    const leases = [...new Set(gateways.map((gateway) => this.#leaseOf(site, gateway)))];
    const known = leases.filter((lease) => this.#held.has(keyOf(site, lease)));
    const fences = known.length === 0 ? new Map<string, number>() : await lockFences(tx, site, known);
    const lost = gateways.filter((gateway) => {
      const lease = this.#leaseOf(site, gateway);
      const fence = this.#held.get(keyOf(site, lease));
      return fence === undefined || fences.get(lease) !== fence;
    });
    if (lost.length > 0) throw new LeaseLost(lost);
  }

  /** What is said under names that no gateway has is refused, and counted, by who leads the site. */
  #leaseOf(site: string, gateway: string): string {
    return this.#leased.has(keyOf(site, gateway)) ? gateway : systemGateway;
  }

  onChange(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  /** Begins; settles when it knows what this service holds, or that the database cannot say it now. */
  async start(): Promise<void> {
    this.#isStopped = false;
    this.#unlisten = this.#options.signals.listen(({ what }) => {
      if (what === 'leases') void this.#look();
    });
    await this.#look();
  }

  /** Gives everything back, so that others need not wait for the end of the leases. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#unlisten?.();
    clearTimeout(this.#timer);
    await this.#running;
    this.#held = new Map();
    const { db, signals, logger } = this.#options;
    try {
      await endService(db, this.#holder);
      await signals.send('leases');
    } catch (err) {
      logger.warn({ err }, 'gateways could not be given back; others take them when their leases end');
    }
  }

  #look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running ??= this.#renew().finally(() => {
      this.#running = undefined;
      if (!this.#isStopped) this.#timer = setTimeout(() => void this.#look(), this.#policy.everyMs);
    });
    return this.#running;
  }

  async #renew(): Promise<void> {
    const { db, gateways, logger } = this.#options;
    const { leaseMs, marginMs } = this.#policy;
    // Before it is said: the lease counts from a later time.
    const saidAtMs = this.#monotonicMs();
    try {
      if (!this.#isBegun) await beginService(db, this.#holder, gateways);
      this.#isBegun = true;
      const news = await renewLeases(db, this.#holder, gateways);
      this.#sureUntilMs = saidAtMs + leaseMs - marginMs;
      this.#take(news);
    } catch (err) {
      logger.warn({ err }, 'leases of gateways could not be renewed, trying again');
    }
  }

  #take(news: LeaseNews): void {
    const { logger, name, signals } = this.#options;
    if (news.isReplaced && !this.#news.isReplaced)
      logger.error({ error: 'service.replaced', name }, 'another service has taken the name of this one');
    this.#news = news;
    const atMs = this.#monotonicMs();
    this.#freeSince = new Map(
      news.free.map(({ site, gateway }) => {
        const key = keyOf(site, gateway);
        return [key, this.#freeSince.get(key) ?? { site, atMs }];
      }),
    );
    const held = new Map(news.held.map(({ site, gateway, fence }) => [keyOf(site, gateway), Number(fence)]));
    const before = this.#held;
    this.#held = held;
    const isSame = held.size === before.size && [...held].every(([key, fence]) => before.get(key) === fence);
    if (isSame) return;
    logger.info({ name, services: news.services, held: held.size }, 'gateways that this service speaks for');
    for (const changed of this.#listeners) changed();
    // What was given back is for somebody else.
    if ([...before.keys()].some((key) => !held.has(key))) void signals.send('leases');
  }

  #monotonicMs(): number {
    return (this.#options.monotonicMs ?? (() => performance.now()))();
  }
}

function countOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
