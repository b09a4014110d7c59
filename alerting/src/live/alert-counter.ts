import type { AlertCounts } from '@watchpost/contracts/api';
import type { Logger } from 'pino';
import { streamPolicy } from './policy.ts';

/** What {@link AlertCounter} needs. */
export interface AlertCounterOptions {
  /** Counts in the store. */
  readonly count: () => Promise<AlertCounts>;
  /** Tells the readers of the stream. */
  readonly publish: (counts: AlertCounts) => void;
  readonly logger: Pick<Logger, 'warn'>;
  /** Monotonic milliseconds. */
  readonly monotonicMs: () => number;
  readonly everyMs?: number;
}

/**
 * The counts of alerts, asked of the store at most once in `everyMs` whatever changes and whoever asks. After
 * a change they are published: at once after a quiet time, otherwise when `everyMs` are over.
 */
export class AlertCounter {
  readonly #options: AlertCounterOptions;
  readonly #everyMs: number;
  #counts: Promise<AlertCounts> | undefined;
  #countedAtMs = Number.NEGATIVE_INFINITY;
  #isStale = true;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: AlertCounterOptions) {
    this.#options = options;
    this.#everyMs = options.everyMs ?? streamPolicy.countsEveryMs;
  }

  /** Something changed an alert. */
  changed(): void {
    this.#isStale = true;
    this.#schedule();
  }

  /** The counts, no older than the last change or `everyMs`. */
  current(): Promise<AlertCounts> {
    const age = this.#options.monotonicMs() - this.#countedAtMs;
    if (this.#counts && !this.#isStale && age < this.#everyMs) return this.#counts;
    return this.#count();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #count(): Promise<AlertCounts> {
    this.#isStale = false;
    this.#countedAtMs = this.#options.monotonicMs();
    const counts = this.#options.count();
    this.#counts = counts;
    counts.catch(() => {
      if (this.#counts === counts) this.#counts = undefined;
      this.#isStale = true;
    });
    return counts;
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#stopped) return;
    const sinceMs = this.#options.monotonicMs() - this.#countedAtMs;
    this.#timer = setTimeout(() => void this.#publish(), Math.max(0, this.#everyMs - sinceMs));
  }

  async #publish(): Promise<void> {
    try {
      const counts = await this.#count();
      if (!this.#stopped) this.#options.publish(counts);
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'alerts could not be counted, trying again');
    }
    this.#timer = undefined;
    if (this.#isStale) this.#schedule();
  }
}
