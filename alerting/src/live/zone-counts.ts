import type { AlertCounts } from '@watchpost/contracts/api';
import { streamPolicy } from './policy.ts';

/** What {@link ZoneCounts} needs. */
export interface ZoneCountsOptions {
  /** Counts in the store. */
  readonly count: (site: string, zones: readonly string[]) => Promise<AlertCounts>;
  /** Monotonic milliseconds. */
  readonly monotonicMs?: () => number;
  readonly everyMs?: number;
}

/**
 * Counts of alerts for people who are limited to zones: the same zones are counted at most once in `everyMs`,
 * however many people ask. As many answers are remembered as {@link streamPolicy} says, the newest.
 */
export class ZoneCounts {
  readonly #options: ZoneCountsOptions;
  readonly #counted = new Map<string, { readonly counts: Promise<AlertCounts>; readonly atMs: number }>();

  constructor(options: ZoneCountsOptions) {
    this.#options = options;
  }

  /** The counts of these zones, no older than `everyMs`. */
  current(site: string, zones: readonly string[]): Promise<AlertCounts> {
    const {
      count,
      monotonicMs = () => performance.now(),
      everyMs = streamPolicy.countsEveryMs,
    } = this.#options;
    const key = JSON.stringify([site, ...zones.toSorted()]);
    const atMs = monotonicMs();
    const known = this.#counted.get(key);
    if (known && atMs - known.atMs < everyMs) return known.counts;
    const counts = count(site, zones);
    this.#counted.delete(key);
    this.#counted.set(key, { counts, atMs });
    counts.catch(() => this.#counted.delete(key));
    for (const oldest of this.#counted.keys()) {
      if (this.#counted.size <= streamPolicy.zoneCountsAtMost) break;
      this.#counted.delete(oldest);
    }
    return counts;
  }
}
