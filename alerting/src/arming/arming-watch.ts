import type { ErrorCode } from '@watchpost/contracts/errors';
import type { Logger } from 'pino';
import { areaStates } from '../store/arming-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { AreaState } from './area-state.ts';
import { armingPolicy } from './policy.ts';

/** What people on duty hear of an area that was armed by itself, or was to be; nothing where all is well. */
export function faultsOf({ refused, bypassed, phase }: AreaState): ErrorCode[] {
  if (refused !== null) return ['arming.refused'];
  const isLeftOut = phase !== 'disarmed' && bypassed.some(({ account }) => account === null);
  return isLeftOut ? ['arming.left_out'] : [];
}

/** What {@link ArmingWatch} needs. */
export interface ArmingWatchOptions {
  readonly db: Queryable;
  readonly logger: Logger;
  /** Ids of the areas of each site. */
  readonly areas: ReadonlyMap<string, readonly string[]>;
  /** Told what is wrong with the areas of a site: all of it. */
  readonly faults: (site: string, codes: readonly ErrorCode[]) => void;
}

/**
 * Has people on duty told when a schedule, or the end of an exit delay, left something out or armed nothing.
 */
export class ArmingWatch {
  readonly #options: ArmingWatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: ArmingWatchOptions) {
    this.#options = options;
  }

  start(): void {
    if (![...this.#options.areas.values()].some((areas) => areas.length > 0)) return;
    this.look();
    this.#timer = setInterval(() => this.look(), armingPolicy.watchEveryMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Looks now: an area was changed. */
  look(): void {
    this.#running = this.#running.then(() => this.#look());
  }

  async #look(): Promise<void> {
    const { db, areas, faults, logger } = this.#options;
    try {
      for (const [site, ids] of areas) {
        const states = await areaStates(db, site, ids);
        faults(site, [...new Set([...states.values()].flatMap(faultsOf))]);
      }
    } catch (err) {
      logger.warn({ err }, 'areas could not be looked at, trying again');
    }
  }
}
