import { WatchpostError } from '@watchpost/contracts';
import { lockFolder } from '@watchpost/service';
import { type Dialect, Kysely, PGliteDialect, type PGliteDialectConfig, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { type Logger, pino } from 'pino';
import { builtCapabilities, describeDatabase, type StoreDescription } from './capabilities.ts';
import { EmbeddedDatabase } from './embedded-database.ts';
import { migrate } from './migrate.ts';
import { grantToReaders } from './reader-role.ts';
import type { Database, Queryable } from './schema.ts';
import type { SlowReport } from './slow-statements.ts';

/** Where the data lives. */
export type StoreOptions =
  /**
   * PGlite in a thread of this process, data in `folder`; without a folder, in memory only. `image` is the path of a tar of an empty
   * cluster that a new one begins with.
   */
  | { readonly kind: 'embedded'; readonly folder?: string; readonly image?: string }
  /** PostgreSQL 15–18, with or without TimescaleDB, by connection string. */
  | { readonly kind: 'server'; readonly url: string };

/** An open, migrated database. */
export interface Store extends StoreDescription {
  readonly kind: StoreOptions['kind'];
  readonly db: Queryable;
  /** @throws WatchpostError `store.unreachable` */
  ping(): Promise<void>;
  /** Statements that kept all others waiting lately; only the embedded database has one connection for all. */
  slowStatements(): SlowReport | undefined;
  close(): Promise<void>;
}

const searchPath = '"$user", public, watchpost_compat';

/** int8 as a number: ours are counts and positions within the safe range. */
const int8 = 20;
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === int8 ? Number : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
};

function serverDialect(url: string): Dialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: 8,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    application_name: 'watchpost-alerting',
    types,
    options: `-c search_path=${searchPath.replaceAll(' ', '')}`,
  });
  // A connection that breaks fails its query, or is replaced at the next one; without listeners, for idle connections
  // and for those in use, it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new PostgresDialect({ pool });
}

function unreachable(cause: unknown): WatchpostError {
  return cause instanceof WatchpostError ? cause : new WatchpostError('store.unreachable', { cause });
}

async function prepare(
  kind: StoreOptions['kind'],
  dialect: Dialect,
  release: () => void,
  backgroundWorkers: boolean,
  slow?: EmbeddedDatabase['slow'],
): Promise<Store> {
  const db = new Kysely<Database>({ dialect });
  const close = async () => {
    try {
      await db.destroy();
    } finally {
      release();
    }
  };
  try {
    const description = await describeDatabase(db, backgroundWorkers).catch((cause: unknown) => {
      throw unreachable(cause);
    });
    if (kind === 'embedded') await sql.raw(`set search_path = ${searchPath}`).execute(db);
    await migrate(db, description.capabilities);
    await grantToReaders(db);
    const capabilities = await builtCapabilities(db, description.capabilities);
    const ping = async () => {
      await sql`select 1`.execute(db).catch((cause: unknown) => {
        throw unreachable(cause);
      });
    };
    // What the first start took is no warning.
    slow?.clear();
    const slowStatements = () => slow?.recent();
    return { kind, db, ...description, capabilities, ping, slowStatements, close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

/** The embedded store over a PGlite that somebody else made (the fork with TimescaleDB, in tests). */
export function openStoreOn(pglite: PGliteDialectConfig['pglite']): Promise<Store> {
  return prepare('embedded', new PGliteDialect({ pglite }), () => undefined, false);
}

async function openEmbedded(
  { folder, image }: StoreOptions & { readonly kind: 'embedded' },
  logger: Logger,
): Promise<Store> {
  const release = folder === undefined ? () => undefined : lockFolder(folder);
  const sessionSettings = [`set search_path = ${searchPath}`];
  const database = await EmbeddedDatabase.open({ folder, image, logger, sessionSettings }).catch(
    (error: unknown) => {
      release();
      throw error;
    },
  );
  return prepare('embedded', new PGliteDialect({ pglite: database }), release, false, database.slow);
}

/**
 * Opens the store and migrates it.
 * @throws WatchpostError `config.data_folder`, `store.unreachable` or `store.migration`
 */
export async function openStore(
  options: StoreOptions,
  logger: Logger = pino({ level: 'silent' }),
): Promise<Store> {
  if (options.kind === 'embedded') return openEmbedded(options, logger);
  return prepare('server', serverDialect(options.url), () => undefined, true);
}
