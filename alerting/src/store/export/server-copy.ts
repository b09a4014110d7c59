import { once } from 'node:events';
import { WatchpostError } from '@watchpost/contracts/errors';
import pg from 'pg';
import { copyPolicy, storePolicy } from '../policy.ts';
import { searchPath } from '../server-dialect.ts';
import { type CopyConnection, copySettings } from './copy-connection.ts';

/** What `pg` offers of its connection to a query of one’s own; its types leave it out. */
interface Wire {
  readonly stream: {
    pause(): void;
    resume(): void;
    readonly writableNeedDrain: boolean;
  } & NodeJS.EventEmitter;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
}

/**
 * A COPY in either direction, as a query that `pg` hands its messages to (PostgreSQL documentation, 54.2.6).
 */
class CopyQuery {
  readonly #text: string;
  readonly #input: AsyncIterable<Uint8Array> | undefined;
  readonly #done = Promise.withResolvers<number>();
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #wire: Wire | undefined;
  #wake = Promise.withResolvers<void>();
  #ended = false;
  #rows = 0;
  #failure: unknown;

  constructor(text: string, input?: AsyncIterable<Uint8Array>) {
    this.#text = text;
    this.#input = input;
    this.#done.promise.catch(() => undefined);
  }

  /** Rows of a COPY into a table. */
  get rows(): Promise<number> {
    return this.#done.promise;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunks = this.#waiting;
      this.#waiting = [];
      this.#bytes = 0;
      this.#wire?.stream.resume();
      if (chunks.length > 0) yield Buffer.concat(chunks);
      else if (this.#ended) break;
      else await this.#wake.promise;
    }
    await this.#done.promise;
  }

  submit(wire: Wire): void {
    this.#wire = wire;
    wire.query(this.#text);
  }

  handleCopyData({ chunk }: { readonly chunk: Uint8Array }, wire: Wire): void {
    this.#waiting.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > copyPolicy.aheadBytes) wire.stream.pause();
    this.#wakeUp();
  }

  handleCopyInResponse(wire: Wire): void {
    this.#send(wire).catch((error: unknown) => {
      this.#failure = error;
      wire.sendCopyFail('the rows could not be read');
    });
  }

  async #send(wire: Wire): Promise<void> {
    for await (const chunk of this.#input ?? []) {
      if (this.#ended) return;
      // `pg` takes a Buffer only.
      wire.sendCopyFromChunk(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      if (wire.stream.writableNeedDrain) await once(wire.stream, 'drain');
    }
    wire.endCopyFrom();
  }

  #wakeUp(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#rows = Number(/^COPY (\d+)$/.exec(text)?.[1] ?? 0);
  }

  handleError(error: unknown): void {
    this.#ended = true;
    this.#done.reject(this.#failure ?? error);
    this.#wakeUp();
  }

  handleReadyForQuery(): void {
    this.#ended = true;
    this.#done.resolve(this.#rows);
    this.#wakeUp();
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
}

/**
 * A connection to a PostgreSQL server. No statement has a deadline: a table may be large.
 * @throws WatchpostError `store.unreachable`
 */
export async function openServerCopy(url: string): Promise<CopyConnection> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: storePolicy.connectWithinMs,
    application_name: 'watchpost-backup',
    statement_timeout: 0,
    keepAlive: true,
    options: `-c search_path=${searchPath.replaceAll(' ', '')}`,
  });
  // What breaks while nothing runs fails the next statement.
  client.on('error', () => undefined);
  const start = (query: CopyQuery): CopyQuery => client.query(query as unknown as pg.Submittable & CopyQuery);
  try {
    await client.connect();
    for (const setting of copySettings) await client.query(setting);
  } catch (cause) {
    await client.end().catch(() => undefined);
    throw new WatchpostError('store.unreachable', { cause });
  }
  return {
    query: async <T extends object>(text: string, values: readonly unknown[] = []) =>
      (await client.query<T & pg.QueryResultRow>(text, [...values])).rows,
    // Of a hypertable, only a query gives what is in its chunks.
    copyOut: (table, columns) =>
      start(new CopyQuery(`copy (select ${columns.join(', ')} from ${table}) to stdout`)).chunks(),
    copyIn: (table, columns, chunks) =>
      start(new CopyQuery(`copy ${table} (${columns.join(', ')}) from stdin`, chunks)).rows,
    close: () => client.end(),
  };
}
