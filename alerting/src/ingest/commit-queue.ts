import { setImmediate } from 'node:timers/promises';
import type { Logger } from 'pino';
import { isDataError, type StoreFault, storeFault } from '../store/database-error.ts';
import type { CommitResult } from './commit-batch.ts';
import { emptyBatch, type IngestBatch, mergeBatches, rowsOfBatch } from './ingest-batch.ts';
import { commitPolicy } from './policy.ts';
import { type Prepare, ReadAhead } from './read-ahead.ts';

/** What {@link CommitQueue} needs. */
export interface CommitQueueOptions {
  /** See {@link ReadAhead}; missing where the database has one connection, which a commit holds. */
  readonly prepare?: Prepare;
  /** Rows of one commit, about; by default those of the policy. */
  readonly rowsPerCommit?: number;
  readonly commit: (batch: IngestBatch) => Promise<CommitResult>;
  /** Called after each commit, in order. */
  readonly committed: (result: CommitResult) => void;
  /** Turns a batch that the database refuses for its content into rejects of the same positions. */
  readonly toRejects: (batch: IngestBatch, cause: unknown) => IngestBatch;
  /** Whether the database answers at all; asked when an error says nothing about it. By default it does. */
  readonly answers?: () => Promise<boolean>;
  readonly logger: Logger;
  /** Waits between attempts while the database is away; doubles up to the largest. */
  readonly retryMs?: { readonly first: number; readonly largest: number };
}

/**
 * Commits batches in order, one commit after the other. When nothing is in flight, what the sockets hold is
 * committed at once; what arrives during a commit is prepared meanwhile and forms the next one, so batches
 * grow with the load and add no delay without it. While the database is away the same batch is tried again
 * and nothing is acknowledged; when the queue is full {@link CommitQueue.waitForCapacity} holds back the
 * broker. Telemetry has a line of its own, which events never wait for.
 */
export class CommitQueue {
  readonly #options: CommitQueueOptions;
  readonly #stopping = new AbortController();
  readonly #queue: IngestBatch[] = [];
  readonly #ahead: ReadAhead | undefined;
  readonly #rowsPerCommit: number;
  #rows = 0;
  #telemetry: IngestBatch[] = [];
  #telemetryRows = 0;
  #running: Promise<void> | undefined;
  #waiting: (() => void)[] = [];
  #failures = 0;
  #fault: StoreFault | undefined;
  #deadLetters = 0;

  constructor(options: CommitQueueOptions) {
    this.#options = options;
    const { prepare, rowsPerCommit = commitPolicy.rows, logger } = options;
    this.#rowsPerCommit = rowsPerCommit;
    if (prepare) this.#ahead = new ReadAhead({ queue: this.#queue, most: rowsPerCommit, prepare, logger });
  }

  /** Rows that wait, about. */
  get depth(): number {
    return this.#rows;
  }

  /** Attempts that failed in a row; 0 while the database answers. */
  get failures(): number {
    return this.#failures;
  }

  /** What the last attempt failed of; undefined while the database takes what it is given. */
  get fault(): StoreFault | undefined {
    return this.#failures === 0 ? undefined : (this.#fault ?? 'store.unreachable');
  }

  /**
   * Messages that were set aside because they made commits fail for no reason of the database, since the
   * start.
   */
  get deadLetters(): number {
    return this.#deadLetters;
  }

  push(batch: IngestBatch): void {
    if (this.#stopping.signal.aborted) return;
    this.#queue.push(batch);
    this.#rows += rowsOfBatch(batch);
    this.#running ??= this.#run();
    this.#ahead?.wake();
  }

  /** Whether {@link pushTelemetry} would take something. */
  get hasTelemetryCapacity(): boolean {
    return this.#telemetryRows < commitPolicy.waitingTelemetryRows && !this.#stopping.signal.aborted;
  }

  /** Takes what a message of telemetry brings; when its queue is full, it is given up. */
  pushTelemetry(batch: IngestBatch): void {
    if (!this.hasTelemetryCapacity) return;
    this.#telemetry.push(batch);
    this.#telemetryRows += rowsOfBatch(batch);
    this.#running ??= this.#run();
  }

  /** Settles once the queue takes more. */
  waitForCapacity(): Promise<void> {
    if (this.#rows < commitPolicy.waitingRows || this.#stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /**
   * Ends after the commit in flight; what still waits was never acknowledged and comes again from the
   * outboxes.
   */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#releaseWaiting();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#queue.length + this.#telemetry.length > 0 && !this.#stopping.signal.aborted) {
      // What the sockets hold already goes into this batch.
      await setImmediate();
      if (this.#stopping.signal.aborted) break;
      const batches = take(this.#queue, this.#rowsPerCommit);
      const telemetryRows = batches.length > 0 ? commitPolicy.telemetryRows : this.#rowsPerCommit;
      const telemetry = take(this.#telemetry, telemetryRows);
      const all = [...batches, ...telemetry];
      this.#ahead?.begin(batches.length, all);
      await this.#commitAll(all);
      this.#rows -= rowsOf(batches);
      this.#telemetryRows -= rowsOf(telemetry);
      if (this.#rows < commitPolicy.waitingRows) this.#releaseWaiting();
      await this.#ahead?.end();
    }
    this.#running = undefined;
  }

  /**
   * Commits the batches together; when the content of one is refused, apart, so that it stops nothing else.
   */
  async #commitAll(batches: readonly IngestBatch[]): Promise<void> {
    const joined = mergeBatches(batches);
    const refusal = await this.#commit(joined);
    if (refusal === undefined) return;
    const parts = batches.length > 1 ? batches : separate(joined);
    if (parts.length > 1) {
      for (const part of parts) await this.#commitAll([part]);
      return;
    }
    this.#options.logger.warn({ err: refusal }, 'a message cannot be stored and is set aside');
    if (!isDataError(refusal)) this.#deadLetters++;
    const again = await this.#commit(this.#options.toRejects(joined, refusal));
    if (again !== undefined) this.#options.logger.error({ err: again }, 'a reject could not be stored');
  }

  /**
   * Tries until it works, the service stops, or the content is to blame: the database refuses it, or commits
   * fail again and again while the database answers and names no fault. Then returns why.
   */
  async #commit(batch: IngestBatch): Promise<unknown> {
    const { first, largest } = this.#options.retryMs ?? commitPolicy.retryMs;
    let unexplained = 0;
    for (let waitMs = first; !this.#stopping.signal.aborted; waitMs = Math.min(largest, waitMs * 2)) {
      try {
        const result = await this.#options.commit(batch);
        this.#failures = 0;
        this.#options.committed(result);
        return undefined;
      } catch (error) {
        if (isDataError(error)) return error;
        this.#failures++;
        this.#fault = storeFault(error);
        unexplained = this.#fault === undefined ? unexplained + 1 : 0;
        if (unexplained >= commitPolicy.deadLetterAfterAttempts && (await this.#answers())) {
          this.#failures = 0;
          return error;
        }
        this.#options.logger.error({ err: error, attempt: this.#failures }, 'commit failed, trying again');
        await pause(waitMs, this.#stopping.signal);
      }
    }
    return undefined;
  }

  async #answers(): Promise<boolean> {
    const { answers } = this.#options;
    return answers === undefined || answers().catch(() => false);
  }

  #releaseWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** Takes out of a line what makes so many rows, about. */
function take(line: IngestBatch[], most: number): IngestBatch[] {
  let rows = 0;
  let count = 0;
  for (const batch of line) {
    rows += rowsOfBatch(batch);
    count++;
    if (rows >= most) break;
  }
  return line.splice(0, count);
}

const rowsOf = (batches: readonly IngestBatch[]): number =>
  batches.reduce((sum, batch) => sum + rowsOfBatch(batch), 0);

/** One batch per event, reject, pack and canary. */
function separate({ events, rejects, telemetry, canaries, settled }: IngestBatch): IngestBatch[] {
  return [
    ...events.map((event): IngestBatch => ({ ...emptyBatch, events: [event] })),
    ...rejects.map((reject): IngestBatch => ({ ...emptyBatch, rejects: [reject] })),
    ...telemetry.map((pack): IngestBatch => ({ ...emptyBatch, telemetry: [pack] })),
    ...canaries.map((canary): IngestBatch => ({ ...emptyBatch, canaries: [canary] })),
    ...settled.map((gateway): IngestBatch => ({ ...emptyBatch, settled: [gateway] })),
  ];
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
