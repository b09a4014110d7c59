import pg from 'pg';
import type { Logger } from 'pino';
import { storePolicy } from './policy.ts';

/** What services of one database tell each other: that there is something to look at, never what it is. */
export interface Signal {
  readonly what: 'changes' | 'heat' | 'leases';
  /** Of which site; undefined: of any. */
  readonly site?: string | undefined;
}

const channel = 'watchpost';

/**
 * Signals between the services of one database server, by LISTEN and NOTIFY on a connection of its own. They
 * save waiting and nothing rests on them: what is not heard is found by looking, a second later.
 */
export class ServerSignals {
  readonly #url: string;
  /** Of this run: what it says itself is no news. */
  readonly #from: string;
  readonly #logger: Logger;
  readonly #listeners = new Set<(signal: Signal) => void>();
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isStopped = true;

  constructor(url: string, from: string, logger: Logger) {
    this.#url = url;
    this.#from = from;
    this.#logger = logger;
  }

  /** Begins to connect, again and again; does not wait for it. */
  start(): void {
    this.#isStopped = false;
    void this.#connect();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  /** Calls `heard` for what other services say, until the returned function is called. Must not throw. */
  listen(heard: (signal: Signal) => void): () => void {
    this.#listeners.add(heard);
    return () => this.#listeners.delete(heard);
  }

  /** Tells the other services; without a connection nobody is told. Does not reject. */
  async send(what: Signal['what'], site?: string): Promise<void> {
    const payload = JSON.stringify({ from: this.#from, what, ...(site === undefined ? {} : { site }) });
    await this.#client?.query('select pg_notify($1, $2)', [channel, payload]).catch(() => undefined);
  }

  async #connect(): Promise<void> {
    if (this.#isStopped) return;
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'watchpost-signals',
      connectionTimeoutMillis: storePolicy.connectWithinMs,
      query_timeout: storePolicy.leaseStatement.answerMs,
      keepAlive: true,
    });
    const again = () => {
      if (this.#isStopped || this.#client !== client) return;
      this.#client = undefined;
      void client.end().catch(() => undefined);
      this.#retry = setTimeout(() => void this.#connect(), storePolicy.reopenMs.largest);
    };
    client.on('error', again);
    client.on('end', again);
    client.on('notification', ({ payload }) => this.#heard(payload));
    this.#client = client;
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
    } catch (err) {
      this.#logger.debug({ err }, 'other services of the database cannot be heard, trying again');
      again();
    }
  }

  /** Whoever may write to the database may say anything here: it only makes somebody look. */
  #heard(payload = ''): void {
    try {
      const { from, what, site } = JSON.parse(payload) as Signal & { readonly from: string };
      if (from !== this.#from) for (const heard of this.#listeners) heard({ what, site });
    } catch {
      // Nobody of ours.
    }
  }
}
