import { setImmediate } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type IngestBatch, rowsOfBatch } from './ingest-batch.ts';

/**
 * Does for batches what can be done before their turn; `pending`, all of which came earlier, is not stored
 * yet.
 */
export type Prepare = (
  batches: readonly IngestBatch[],
  pending: readonly IngestBatch[],
) => Promise<readonly IngestBatch[]>;

/** What {@link ReadAhead} needs. */
export interface ReadAheadOptions {
  /**
   * What waits, in order: prepared batches take the places of the others. Taken from its head between commits
   * only.
   */
  readonly queue: IngestBatch[];
  /** Rows that are prepared at most, about. */
  readonly most: number;
  readonly prepare: Prepare;
  readonly logger: Logger;
}

/**
 * Prepares what waits while the database commits what came before. It only saves time: batches that could not
 * be prepared are committed all the same, and the order stays.
 */
export class ReadAhead {
  readonly #options: ReadAheadOptions;
  /** How many batches at the head of the queue are prepared. */
  #prepared = 0;
  #committing: readonly IngestBatch[] = [];
  #running: Promise<void> | undefined;

  constructor(options: ReadAheadOptions) {
    this.#options = options;
  }

  /**
   * `committing` is being committed; `taken` batches of it were taken from the head of the queue just now.
   */
  begin(taken: number, committing: readonly IngestBatch[]): void {
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
      const batches = this.#next(before);
      if (batches.length === 0) return;
      try {
        const prepared = await prepare(batches, [...this.#committing, ...before]);
        queue.splice(before.length, batches.length, ...prepared);
        this.#prepared += prepared.length;
      } catch (error) {
        // The commit does it again and says what is wrong.
        logger.debug({ err: error }, 'a batch could not be prepared');
        return;
      }
    }
  }

  #next(before: readonly IngestBatch[]): IngestBatch[] {
    const { queue, most } = this.#options;
    let rows = before.reduce((sum, batch) => sum + rowsOfBatch(batch), 0);
    const batches: IngestBatch[] = [];
    for (const batch of queue.slice(before.length)) {
      if (rows >= most) break;
      rows += rowsOfBatch(batch);
      batches.push(batch);
    }
    return batches;
  }
}
