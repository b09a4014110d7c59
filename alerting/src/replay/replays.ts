import type { ReplayAnswer } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { Queryable } from '../store/schema.ts';
import { replayPolicy } from './policy.ts';
import { type ReplayedSite, type ReplayRequest, replayEvents } from './replay-events.ts';

/** What the replays of a service read. */
export interface ReplaysOptions {
  readonly db: Queryable;
  readonly sites: ReadonlyMap<string, ReplayedSite>;
}

/** Replays of a running service: one at a time, because each reads much. */
export class Replays {
  readonly #options: ReplaysOptions;
  #running = 0;

  constructor(options: ReplaysOptions) {
    this.#options = options;
  }

  /** The site as it is in force. @throws WatchpostError `api.not_found` */
  site(id: string): ReplayedSite {
    const site = this.#options.sites.get(id);
    if (!site) throw new WatchpostError('api.not_found', { path: '/site' });
    return site;
  }

  /** @throws WatchpostError `replay.*`, `api.not_found` */
  async run(id: string, request: ReplayRequest, signal: AbortSignal): Promise<ReplayAnswer> {
    const site = this.site(id);
    if (this.#running >= replayPolicy.atOnce) throw new WatchpostError('replay.busy');
    this.#running += 1;
    try {
      return await replayEvents(this.#options.db, site, request, signal);
    } finally {
      this.#running -= 1;
    }
  }
}
