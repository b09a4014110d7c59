import type { Site } from '@watchpost/contracts/site';
import type { Logger } from 'pino';
import { systemGateway } from '../health/loss-finding.ts';
import type { LiveFeed } from '../live/live-feed.ts';
import type { LeasedGateway } from '../store/lease-store.ts';
import type { Store, StoreOptions } from '../store/open-store.ts';
import { ServerSignals } from '../store/server-signals.ts';
import { LeaseManager } from './lease-manager.ts';
import { allHeld, firstService, type Leases, wholeServer } from './leases.ts';
import { leasePolicy } from './policy.ts';

/** What {@link SharedDatabase} needs. */
export interface SharedDatabaseOptions {
  readonly options: StoreOptions;
  readonly store: Store;
  /** Of this service, beside others. */
  readonly name: string | undefined;
  /** Of this run of it, a UUID. */
  readonly id: string;
  readonly sites: readonly Pick<Site, 'id' | 'gateways'>[];
  readonly feed: LiveFeed;
  readonly logger: Logger;
}

/**
 * What a service does because others may use its database too: it shares the gateways with them, and each
 * hears at once what the others write. The embedded database has one service, which has everything.
 */
export class SharedDatabase {
  readonly leases: Leases;
  readonly #options: SharedDatabaseOptions;
  readonly #keeper: LeaseManager | undefined;
  readonly #signals: ServerSignals | undefined;
  readonly #unlisten: (() => void)[] = [];
  readonly #telling = new Map<string, NodeJS.Timeout>();
  /** Somebody else's news is passed on: nobody is told of it again. */
  #isPassingOn = false;

  constructor(options: SharedDatabaseOptions) {
    this.#options = options;
    const { store, name = firstService, id, sites, logger } = options;
    if (options.options.kind !== 'server') {
      this.leases = allHeld;
      return;
    }
    this.#signals = new ServerSignals(options.options.url, id, logger);
    this.#keeper = new LeaseManager({
      ...{ db: store.leases, name, id, signals: this.#signals, logger },
      gateways: gatewaysOf(sites),
    });
    this.leases = this.#keeper;
  }

  /** Begins; settles when it is known for whom this service speaks. */
  async start(): Promise<void> {
    const { store, feed, sites } = this.#options;
    const signals = this.#signals;
    if (!signals) return;
    signals.start();
    this.#unlisten.push(
      signals.listen(({ what, site }) => {
        if (what === 'changes') store.changes.wake();
        const changed = what === 'heat' ? sites.find(({ id }) => id === site)?.id : undefined;
        if (changed === undefined) return;
        this.#isPassingOn = true;
        feed.publish({ name: 'heat', site: changed, payload: { site: changed } });
        this.#isPassingOn = false;
      }),
      store.changes.listen((changes) => {
        if (changes.length > 0) this.#tell('changes');
      }),
      feed.observe(({ name, site }) => {
        if (name === 'heat' && !this.#isPassingOn) this.#tell('heat', site);
      }),
    );
    await this.#keeper?.start();
  }

  /** Others may take what this service has. */
  async stop(): Promise<void> {
    for (const unlisten of this.#unlisten) unlisten();
    for (const timer of this.#telling.values()) clearTimeout(timer);
    await this.#keeper?.stop();
    await this.#signals?.stop();
  }

  /** Of what happens at once the others hear once. */
  #tell(what: 'changes' | 'heat', site?: string): void {
    const key = `${what} ${site ?? ''}`;
    if (this.leases.state.services < 2 || this.#telling.has(key)) return;
    const timer = setTimeout(() => {
      this.#telling.delete(key);
      void this.#signals?.send(what, site);
    }, leasePolicy.tellEveryMs);
    this.#telling.set(key, timer);
  }
}

/** All that there is to speak for, with what is done once for each site and for the server. */
const gatewaysOf = (sites: SharedDatabaseOptions['sites']): readonly LeasedGateway[] => [
  { site: wholeServer, gateway: systemGateway },
  ...sites.flatMap(({ id, gateways }) =>
    [systemGateway, ...gateways].map((gateway) => ({ site: id, gateway })),
  ),
];
