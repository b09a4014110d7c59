import { WatchpostError } from '@watchpost/contracts/errors';
import { type Dialect, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { type StatementLimits, storePolicy } from './policy.ts';
import { StatementNames } from './statement-names.ts';

/** Names are looked for here; the last holds what stands in for TimescaleDB. */
export const searchPath = '"$user", public, watchpost_compat';

/** int8 as a number: ours are counts and positions within the safe range. */
const int8 = 20;
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === int8 ? Number : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
};

/** PostgreSQL documentation, appendix A: what the server says of a statement that it gave up. */
const queryCanceled = '57014';
/**
 * The same: of a prepared statement whose tables have changed since (of other things too, rarely), and of one
 * that it does not have.
 */
const outdated: readonly unknown[] = ['0A000', '26000'];

const tooLong = (cause?: unknown): WatchpostError =>
  new WatchpostError('store.statement_timeout', cause === undefined ? {} : { cause });

/**
 * A connection of the pool whose statements have a deadline of ours: the server's own is of no use on a line
 * that is dead.
 */
class TimedClient {
  readonly #client: pg.PoolClient;
  readonly #answerMs: number;
  readonly #names: StatementNames;
  /** Why the connection was given up: what comes after it on the same one, a rollback, fails of the same. */
  #late: WatchpostError | undefined;

  constructor(client: pg.PoolClient, answerMs: number, names: StatementNames) {
    this.#client = client;
    this.#answerMs = answerMs;
    this.#names = names;
  }

  async query(text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    if (this.#late) throw this.#late;
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      this.#late = tooLong();
      reject(this.#late);
      // Ends the connection at once while a statement runs; the pool makes another.
      void (this.#client as unknown as pg.Client).end().catch(() => undefined);
    }, this.#answerMs);
    try {
      // Without parameters it is one message in any case.
      const name = values.length === 0 ? undefined : this.#names.nameOf(text);
      const answer = this.#client.query({
        text,
        values: [...values],
        ...(name === undefined ? {} : { name }),
      });
      answer.catch(() => undefined);
      return await Promise.race([answer, late]);
    } catch (error) {
      const { code } = error as { readonly code?: unknown };
      if (outdated.includes(code)) this.#names.renew();
      throw code === queryCanceled ? tooLong(error) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  release(destroy?: boolean): void {
    this.#client.release(destroy);
  }
}

/**
 * The pool as Kysely sees it, with a deadline for every statement; one object for each connection, as Kysely
 * expects.
 */
function withDeadlines(pool: pg.Pool, answerMs: number): PostgresPool {
  const timed = new WeakMap<pg.PoolClient, TimedClient>();
  const names = new StatementNames();
  const connect = async () => {
    const client = await pool.connect();
    const known = timed.get(client) ?? new TimedClient(client, answerMs, names);
    timed.set(client, known);
    return known as unknown as PostgresPoolClient;
  };
  return { connect, end: () => pool.end(), options: {} };
}

/**
 * Connections to a PostgreSQL server. A statement that takes longer than `limits` fails with
 * `store.statement_timeout`.
 */
export function serverDialect(
  url: string,
  connections: number,
  limits: StatementLimits = storePolicy.statement,
): Dialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: storePolicy.connectWithinMs,
    idleTimeoutMillis: storePolicy.idleMs,
    application_name: 'watchpost-alerting',
    types,
    statement_timeout: limits.runMs,
    ...(limits.idleMs === undefined ? {} : { idle_in_transaction_session_timeout: limits.idleMs }),
    options: `-c search_path=${searchPath.replaceAll(' ', '')}`,
  });
  // A connection that breaks fails its query, or is replaced at the next one; without listeners, for idle
  // connections and for those in use, it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new PostgresDialect({ pool: withDeadlines(pool, limits.answerMs) });
}
