import type { ComponentHealth } from '@watchpost/contracts/api';
import type { Logger } from 'pino';
import { revocationPolicy, tellingPolicy } from '../policy.ts';
import type { SiteLists } from './site-lists.ts';

export interface ListRoundsOptions {
  readonly lists: ReadonlyMap<string, SiteLists>;
  readonly isOut: (site: string, gateway: string, serial: string) => boolean;
  /** The permits of a site are to say something else from now on. */
  readonly onOther: (site: string) => void;
  /** How the lists of all sites are, after each round. */
  readonly onHealth: (health: ComponentHealth) => void;
  readonly log: Logger;
}

/** Looks again and again what the lists of all sites say, and who was shut out. */
export class ListRounds {
  readonly #options: ListRoundsOptions;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #sinceShutOutMs = 0;
  #isStopped = false;

  constructor(options: ListRoundsOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#options.lists.size === 0) return;
    this.#round = this.#look().finally(() => {
      if (!this.#isStopped) this.#timer = setTimeout(() => this.start(), tellingPolicy.contentPollMs);
    });
  }

  /** Settles when nothing is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  async #look(): Promise<void> {
    const { lists, isOut, onOther, onHealth, log } = this.#options;
    const isDue = this.#sinceShutOutMs >= revocationPolicy.pollMs;
    this.#sinceShutOutMs = isDue ? 0 : this.#sinceShutOutMs + tellingPolicy.contentPollMs;
    for (const [site, each] of lists) {
      try {
        if (isDue) each.lookForShutOut((gateway, serial) => isOut(site, gateway, serial));
        if (await each.look()) onOther(site);
      } catch (error) {
        log.error({ err: error, site }, 'lists not looked at');
      }
    }
    onHealth(healthOf([...lists.values()]));
  }
}

/** The page that shows it is public: it names no site and no gateway. */
function healthOf(lists: readonly SiteLists[]): ComponentHealth {
  const ill = lists.filter(({ faults }) => faults.length > 0);
  const error = ill[0]?.faults[0];
  return error ? { status: 'degraded', error, details: { sites: ill.length } } : { status: 'ok' };
}
