import type { Logger } from 'pino';
import { schedulerPolicy } from './policy.ts';
import type { JobHandler, JobKind, JobPayload, Scheduler } from './scheduler.ts';

/** What {@link TimerScheduler} needs. */
export interface TimerSchedulerOptions {
  readonly nowMs: () => number;
  readonly logger: Logger;
  /** Pause before work that failed is tried again; doubles up to the largest. */
  readonly retryMs?: { readonly first: number; readonly largest: number };
}

/** The longest that a timer of Node waits. */
const timerAtMostMs = 2 ** 31 - 1;

/**
 * {@link Scheduler} on timers in memory. They run on the monotonic clock: setting the wall clock makes
 * nothing due and delays nothing.
 */
export class TimerScheduler implements Scheduler {
  readonly #options: TimerSchedulerOptions;
  readonly #handlers = new Map<JobKind, JobHandler>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #stopped = false;

  constructor(options: TimerSchedulerOptions) {
    this.#options = options;
  }

  /** Pieces of work that wait. */
  get size(): number {
    return this.#timers.size;
  }

  handle(kind: JobKind, handler: JobHandler): void {
    this.#handlers.set(kind, handler);
  }

  schedule(kind: JobKind, key: string, atMs: number, payload: JobPayload = {}): void {
    this.#wait(kind, key, Math.max(0, atMs - this.#options.nowMs()), () => this.#run(kind, key, payload, 0));
  }

  cancel(kind: JobKind, key: string): void {
    const name = `${kind} ${key}`;
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  /** Nothing becomes due any more. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #wait(kind: JobKind, key: string, delayMs: number, run: () => void): void {
    this.cancel(kind, key);
    if (this.#stopped) return;
    const name = `${kind} ${key}`;
    const startedMs = performance.now();
    const timer = setTimeout(
      () => {
        const leftMs = delayMs - (performance.now() - startedMs);
        if (leftMs > 1) return this.#wait(kind, key, leftMs, run);
        this.#timers.delete(name);
        run();
      },
      Math.min(timerAtMostMs, delayMs),
    );
    this.#timers.set(name, timer);
  }

  async #run(kind: JobKind, key: string, payload: JobPayload, failures: number): Promise<void> {
    const { logger, retryMs = schedulerPolicy.retryMs } = this.#options;
    try {
      await this.#handlers.get(kind)?.(key, payload);
    } catch (err) {
      logger.warn({ err, kind, key }, 'due work failed, trying again');
      // Scheduled anew meanwhile: that one counts.
      if (this.#timers.has(`${kind} ${key}`)) return;
      const pauseMs = Math.min(retryMs.largest, retryMs.first * 2 ** failures);
      this.#wait(kind, key, pauseMs, () => this.#run(kind, key, payload, failures + 1));
    }
  }
}
