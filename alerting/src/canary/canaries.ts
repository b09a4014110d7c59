import { join } from 'node:path';
import type { ErrorCode } from '@watchpost/contracts/errors';
import type { SiteId } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import type { StoreWatch } from '../escalation/store-watch.ts';
import type { ServerClocks } from '../ingest/clock-steps.ts';
import type { Channels } from '../notify/channels.ts';
import { AddressRules } from '../notify/http/address-rules.ts';
import { HttpSender } from '../notify/http/http-sender.ts';
import type { ChannelOptions } from '../notify/open-channels.ts';
import { defaultNetworks } from '../notify/policy.ts';
import { secretsIn } from '../notify/secrets.ts';
import { CanaryTeller } from './canary-teller.ts';
import type { CanaryWatch } from './canary-watch.ts';
import { Heartbeat } from './heartbeat.ts';
import { type CanaryWishes, canaryPolicy } from './policy.ts';

/** A site whose chain is watched. */
export interface WatchedSite {
  readonly id: SiteId;
  readonly policy: { readonly canary: CanaryWishes };
  readonly canary: CanaryWatch;
  takeServerFaults(part: string, codes: readonly ErrorCode[]): void;
}

/** What {@link Canaries} needs. */
export interface CanariesOptions {
  readonly sites: readonly WatchedSite[];
  readonly dataFolder: string | undefined;
  readonly watch: Pick<StoreWatch, 'standIns' | 'isStoreGone'>;
  readonly channels: Pick<Channels, 'send'>;
  /** Missing: nobody outside is called. */
  readonly reach: ChannelOptions | undefined;
  readonly clocks: ServerClocks;
  readonly logger: Logger;
}

/** Of the data folder: who was told that the chain is broken. */
const toldFile = 'canary.json';

/** Looks at the chain of every site, tells of what is broken, and calls who watches from outside. */
export class Canaries {
  readonly #options: CanariesOptions;
  readonly #teller: CanaryTeller;
  readonly #heartbeats: ReadonlyMap<string, Heartbeat>;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(options: CanariesOptions) {
    this.#options = options;
    const { dataFolder, watch, channels, clocks, logger } = options;
    this.#teller = new CanaryTeller({
      ...{ channels, clocks, logger },
      file: dataFolder === undefined ? undefined : join(dataFolder, toldFile),
      standIns: () => watch.standIns,
      isStoreGone: () => watch.isStoreGone,
    });
    this.#heartbeats = heartbeatsOf(options);
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), canaryPolicy.lookEveryMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    this.#teller.stop();
    await this.#looking;
  }

  /** Looks now, once at a time. Does not reject. */
  look(): Promise<void> {
    this.#looking ??= Promise.all(this.#options.sites.map((site) => this.#lookAt(site)))
      .then(() => undefined)
      .catch((err: unknown) => this.#options.logger.warn({ err }, 'the chain could not be looked at'))
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  async #lookAt(site: WatchedSite): Promise<void> {
    const broken = await site.canary.look();
    const links = broken.flatMap(({ link }) => (link === 'gateway' ? [] : [link]));
    site.takeServerFaults(
      'canary',
      links.map((link) => `canary.${link}` as const),
    );
    await this.#teller.take(site.id, broken);
    if (site.canary.isServerWhole) await this.#heartbeats.get(site.id)?.beat(this.#stopping.signal);
  }
}

function heartbeatsOf({ sites, reach, clocks, logger }: CanariesOptions): ReadonlyMap<string, Heartbeat> {
  if (!reach) return new Map();
  const http = new HttpSender({ rules: new AddressRules(reach.allowNetworks ?? defaultNetworks) });
  const read = secretsIn(reach.secretsFolder);
  const { monotonicMs } = clocks;
  return new Map(
    sites.flatMap(({ id, policy: { canary } }) => {
      const { heartbeat: secret, everyMs } = canary;
      if (secret === undefined) return [];
      return [[id, new Heartbeat({ secret, everyMs, http, read, monotonicMs, logger })] as const];
    }),
  );
}
