import { setImmediate } from 'node:timers/promises';
import type { Logger } from 'pino';
import { sizeOf, type Work } from './work.ts';

/** Does for works what can be done before their turn; `pending`, all of which came earlier, is not stored yet. */
export type Prepare = (works: readonly Work[], pending: readonly Work[]) => Promise<readonly Work[]>;

/** What {@link ReadAhead} needs. */
export interface ReadAheadOptions {
  /** What waits, in order: prepared works take the places of the others. Taken from its head between commits only. */
  readonly queue: Work[];
  /** Rows that are prepared at most, about. */
  readonly most: number;
  readonly prepare: Prepare;
  readonly logger: Logger;
}

/**
 * Prepares what waits while the database commits what came before. It only saves time: works that could not be prepared
 * are committed all the same, and the order stays.
 */
export class ReadAhead {
  readonly #options: ReadAheadOptions;
  /** How many works at the head of the queue are prepared. */
  #prepared = 0;
  #committing: readonly Work[] = [];
  #running: Promise<void> | undefined;

  constructor(options: ReadAheadOptions) {
    this.#options = options;
  }

  /** `committing` is being committed; `taken` works of it were taken from the head of the queue just now. */
  begin(taken: number, committing: readonly Work[]): void {
    this.#prepared = Math.max(0, this.#prepared - taken);
    this.#committing = committing;
    this.wake();
  }

  /** The commit has ended; settles once nothing touches the queue any more. */
  async end(): Promise<void> {
    this.#committing = [];
    await this.#running;
  }

  /** More waits. */
  wake(): void {
    if (this.#committing.length === 0 || this.#running) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    const { queue, prepare, logger } = this.#options;
    while (this.#committing.length > 0) {
      // What the sockets hold already is prepared together.
      await setImmediate();
      const before = queue.slice(0, this.#prepared);
      const works = this.#next(before);
      if (works.length === 0) return;
      try {
        const prepared = await prepare(works, [...this.#committing, ...before]);
        queue.splice(before.length, works.length, ...prepared);
        this.#prepared += prepared.length;
      } catch (error) {
        // The commit does it again and says what is wrong.
        logger.debug({ err: error }, 'work could not be prepared');
        return;
      }
    }
  }

  #next(before: readonly Work[]): Work[] {
    const { queue, most } = this.#options;
    let rows = before.reduce((sum, work) => sum + sizeOf(work), 0);
    const works: Work[] = [];
    for (const work of queue.slice(before.length)) {
      if (rows >= most) break;
      rows += sizeOf(work);
      works.push(work);
    }
    return works;
  }
}
