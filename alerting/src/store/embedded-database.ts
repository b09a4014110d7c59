import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { PGliteDialectConfig } from 'kysely';
import type { Logger } from 'pino';
import { copyCluster, makeCluster } from './cluster-template.ts';
import { EmbeddedThread } from './embedded-client.ts';
import type { ThreadData, ThreadRequest, ThreadResult } from './embedded-protocol.ts';
import { type StorePolicy, storePolicy } from './policy.ts';
import { SlowStatements } from './slow-statements.ts';

type DialectPGlite = Exclude<PGliteDialectConfig['pglite'], (...parameters: never) => unknown>;
type DialectTransaction = Parameters<Parameters<DialectPGlite['transaction']>[0]>[0];
type Query = DialectPGlite['query'];

/**
 * PGlite's own start parameters, but with fsync (its `-F` turns it off: an acknowledged event must survive a
 * power cut) and with small buffers (the operating system caches the files anyway).
 */
const startParams = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...['-c', 'shared_buffers=16MB', '-c', 'wal_buffers=1MB', '-c', 'max_connections=5'],
  // What a checkpoint keeps of the log.
  ...['-c', 'min_wal_size=32MB', '-c', 'max_wal_size=64MB'],
];

/** Makes the cluster of a new data folder. Where the template cannot be kept, the database makes its own. */
async function makeFolder(place: string, { image, template, logger }: EmbeddedOptions): Promise<void> {
  if (template === undefined) return makeCluster(place, image);
  try {
    await copyCluster(place, template);
  } catch (error) {
    logger.debug({ err: error }, 'the database could not be copied and is made');
    await makeCluster(place, image);
  }
}

/** What {@link EmbeddedDatabase} needs. */
export interface EmbeddedOptions {
  /** Holds the cluster; undefined keeps it in memory. The caller holds the folder's lock. */
  readonly folder: string | undefined;
  /**
   * Path of a tar of an empty cluster that a new one begins with; by default it is made, which takes seconds.
   */
  readonly image?: string | undefined;
  /** Folder of an empty cluster that a new one is copied from; made when it is not there. */
  readonly template?: string | undefined;
  readonly logger: Logger;
  /** Settings of every session, in order. */
  readonly sessionSettings: readonly string[];
  readonly policy?: StorePolicy;
}

/**
 * The embedded database: PGlite in a thread of its own, as the part of PGlite that Kysely's dialect needs. A
 * thread that ends abruptly fails what it was doing with `store.unreachable`, is told in the log, and the
 * database is opened again until that succeeds; in memory there is nothing to open again.
 */
export class EmbeddedDatabase implements DialectPGlite {
  readonly #options: EmbeddedOptions;
  readonly #data: ThreadData;
  readonly #closing = new AbortController();
  readonly slow: SlowStatements;
  readonly ready = true;
  readonly waitReady: Promise<void> = Promise.resolve();
  #thread: EmbeddedThread | undefined;
  #reopening: Promise<void> = Promise.resolve();
  #restarts = 0;
  /** Jobs share the one thread: their limit is everybody's. */
  #answerWithinMs: number;

  private constructor(options: EmbeddedOptions, place: string | undefined) {
    this.#options = options;
    this.#data = { place, image: options.image, startParams };
    const { logger, policy = storePolicy } = options;
    this.#answerWithinMs = policy.migrationStatement.answerMs;
    const { slowStatementMs: limitMs, slowShownMs: shownMs } = policy;
    this.slow = new SlowStatements({ limitMs, shownMs, logger, monotonicMs: () => performance.now() });
  }

  /** @throws WatchpostError `config.data_folder` when it cannot be made or opened. */
  static async open(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
    const { folder } = options;
    const place = folder === undefined ? undefined : join(folder, 'pg');
    const database = new EmbeddedDatabase(options, place);
    try {
      if (place !== undefined && !existsSync(place)) await makeFolder(place, options);
      await database.#openThread();
      return database;
    } catch (cause) {
      throw new WatchpostError('config.data_folder', {
        ...(folder === undefined ? {} : { path: folder }),
        cause,
      });
    }
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** How often the thread ended abruptly since the service started. */
  get restarts(): number {
    return this.#restarts;
  }

  /**
   * From now on every request has the limit of work, and is slow when it takes long; what the first start
   * takes is no warning.
   */
  migrated(): void {
    const { policy = storePolicy } = this.#options;
    this.#answerWithinMs = policy.jobStatement.answerMs;
    this.slow.begin();
  }

  #ask(thread: EmbeddedThread, request: ThreadRequest): Promise<ThreadResult> {
    return thread.ask(request, this.#answerWithinMs);
  }

  async #openThread(): Promise<void> {
    const thread = await EmbeddedThread.open(this.#data);
    for (const text of this.#options.sessionSettings)
      await this.#ask(thread, { do: 'query', text, values: [] });
    this.#thread = thread;
    void thread.ended.then((error) => {
      if (this.closed) return;
      this.#thread = undefined;
      this.#restarts++;
      this.#options.logger.error({ err: error }, 'the embedded database ended abruptly');
      if (this.#data.place !== undefined) this.#reopening = this.#reopen();
    });
  }

  async #reopen(): Promise<void> {
    const { logger, policy = storePolicy } = this.#options;
    const { first, largest } = policy.reopenMs;
    for (let waitMs = first; !this.closed; waitMs = Math.min(largest, waitMs * 2)) {
      try {
        await sleep(waitMs, undefined, { signal: this.#closing.signal });
        await this.#openThread();
        logger.warn('the embedded database is open again');
        return;
      } catch (error) {
        if (!this.closed) logger.error({ err: error }, 'the embedded database could not be opened again');
      }
    }
  }

  get #running(): EmbeddedThread {
    if (!this.#thread) throw new WatchpostError('store.unreachable');
    return this.#thread;
  }

  #queryOn(thread: EmbeddedThread): Query {
    return async <T>(text: string, values: readonly unknown[] = []) => {
      const { rows, affectedRows, tookMs } = await this.#ask(thread, { do: 'query', text, values });
      this.slow.note(tookMs, text);
      return {
        rows: rows as T[],
        fields: [],
        ...(affectedRows === undefined ? {} : { affectedRows }),
      };
    };
  }

  /** Rows that a COPY to `/dev/blob` gives, all at once. */
  async copyOut(text: string): Promise<Uint8Array> {
    const { output } = await this.#ask(this.#running, { do: 'copy', text });
    return output ?? new Uint8Array();
  }

  /** Runs a COPY from `/dev/blob`; gives the number of rows. */
  async copyIn(text: string, input: Uint8Array): Promise<number> {
    const { affectedRows } = await this.#ask(this.#running, { do: 'copy', text, input });
    return affectedRows ?? 0;
  }

  query: Query = async (text, values) => this.#queryOn(this.#running)(text, values);

  /** The caller starts no other statement meanwhile: Kysely hands out the one connection in turn. */
  async transaction<T>(callback: (tx: DialectTransaction) => Promise<T>): Promise<T> {
    const begun = await this.#begin();
    // Kysely waits for the callback; a transaction that did not begin fails its first query.
    if ('failure' in begun) {
      const fail = () => Promise.reject(begun.failure);
      await callback({ query: fail, rollback: fail });
      throw begun.failure;
    }
    const { thread } = begun;
    const rollback = async () => void (await this.#ask(thread, { do: 'rollback' }));
    let result: T;
    try {
      result = await callback({ query: this.#queryOn(thread), rollback });
    } catch (error) {
      await rollback().catch(() => undefined);
      throw error;
    }
    // What waits for the disk keeps all others waiting too.
    const { tookMs } = await this.#ask(thread, { do: 'commit' });
    this.slow.note(tookMs, 'commit');
    return result;
  }

  async #begin(): Promise<{ thread: EmbeddedThread } | { failure: unknown }> {
    try {
      const thread = this.#running;
      await this.#ask(thread, { do: 'begin' });
      return { thread };
    } catch (failure) {
      return { failure };
    }
  }

  async close(): Promise<void> {
    const { policy = storePolicy } = this.#options;
    this.#closing.abort();
    await this.#reopening;
    const thread = this.#thread;
    this.#thread = undefined;
    if (!thread) return;
    const patience = sleep(policy.closeWithinMs, undefined, { ref: false });
    await Promise.race([this.#ask(thread, { do: 'close' }).catch(() => undefined), patience]);
    await thread.terminate();
  }
}
