import { WatchpostError } from '@watchpost/contracts';
import { lockFolder } from '@watchpost/service';
import { type Dialect, Kysely, PGliteDialect, type PGliteDialectConfig, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { builtCapabilities, describeDatabase, type StoreDescription } from './capabilities.ts';
import { openEmbedded } from './embedded-database.ts';
import { migrate } from './migrate.ts';
import type { Database, Queryable } from './schema.ts';

/** Where the data lives. */
export type StoreOptions =
  /** PGlite in this process, data in `folder`; without a folder, in memory only. */
  | { readonly kind: 'embedded'; readonly folder?: string }
  /** PostgreSQL 15–18, with or without TimescaleDB, by connection string. */
  | { readonly kind: 'server'; readonly url: string };

/** An open, migrated database. */
export interface Store extends StoreDescription {
  readonly kind: StoreOptions['kind'];
  readonly db: Queryable;
  /** @throws WatchpostError `store.unreachable` */
  ping(): Promise<void>;
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
    const capabilities = await builtCapabilities(db, description.capabilities);
    const ping = async () => {
      await sql`select 1`.execute(db).catch((cause: unknown) => {
        throw unreachable(cause);
      });
    };
    return { kind, db, ...description, capabilities, ping, close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

/** The embedded store over a PGlite that somebody else made (the fork with TimescaleDB, in tests). */
export function openStoreOn(pglite: PGliteDialectConfig['pglite']): Promise<Store> {
  return prepare('embedded', new PGliteDialect({ pglite }), () => undefined, false);
}

/**
 * Opens the store and migrates it.
 * @throws WatchpostError `config.data_folder`, `store.unreachable` or `store.migration`
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  if (options.kind === 'server') return prepare('server', serverDialect(options.url), () => undefined, true);
  const { folder } = options;
  const release = folder === undefined ? () => undefined : lockFolder(folder);
  return prepare('embedded', new PGliteDialect({ pglite: () => openEmbedded(folder) }), release, false);
}
