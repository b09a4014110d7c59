import { WatchpostError } from '@watchpost/contracts/errors';
import { lockFolder } from '@watchpost/service';
import { type Dialect, Kysely, PGliteDialect, type PGliteDialectConfig, sql } from 'kysely';
import { type Logger, pino } from 'pino';
import { keepBeforeUpgrade, tellOfUpgrade } from './before-upgrade.ts';
import { builtCapabilities, describeDatabase, type StoreDescription } from './capabilities.ts';
import { ChangeLog } from './change-log.ts';
import { EmbeddedCheckpoints } from './embedded-checkpoints.ts';
import { EmbeddedDatabase } from './embedded-database.ts';
import { migrate } from './migrate.ts';
import { type StatementLimits, storePolicy } from './policy.ts';
import { grantToReaders } from './reader-role.ts';
import type { Database, Queryable } from './schema.ts';
import { searchPath, serverDialect } from './server-dialect.ts';
import type { SlowReport } from './slow-statements.ts';

/** Where the data lives. */
export type StoreOptions =
  /**
   * PGlite in a thread of this process, data in `folder`; without a folder, in memory only. `image` is the
   * path of a tar of an empty cluster that a new one begins with; `template` that of a folder with one, which
   * is made when it is not there.
   */
  | {
      readonly kind: 'embedded';
      readonly folder?: string;
      readonly image?: string;
      readonly template?: string;
    }
  /** PostgreSQL 15–18, with or without TimescaleDB, by connection string. */
  | { readonly kind: 'server'; readonly url: string; readonly statement?: StatementLimits };

/** An open, migrated database. */
export interface Store extends StoreDescription {
  readonly kind: StoreOptions['kind'];
  readonly db: Queryable;
  /** For work that may take long, so that it has a limit of its own and stands before nobody. */
  readonly jobs: Queryable;
  /** For leases of gateways, which must not wait behind anything. */
  readonly leases: Queryable;
  /** For who looks whether others do their work: nobody else uses it, where there is more than one. */
  readonly audit: Queryable;
  /** Alerts are changed in its transactions. */
  readonly changes: ChangeLog;
  /** @throws WatchpostError `store.unreachable` */
  ping(): Promise<void>;
  /**
   * Statements that kept all others waiting lately; only the embedded database has one connection for all.
   */
  slowStatements(): SlowReport | undefined;
  close(): Promise<void>;
}

function unreachable(cause: unknown): WatchpostError {
  return cause instanceof WatchpostError ? cause : new WatchpostError('store.unreachable', { cause });
}

/** How a database is reached: the embedded one has one connection for everything. */
interface Connections {
  readonly kind: StoreOptions['kind'];
  readonly dialect: Dialect;
  /** Of a server: connections with other limits. */
  readonly jobs?: Dialect;
  readonly leases?: Dialect;
  readonly audit?: Dialect;
  readonly migration?: Dialect;
  readonly release: () => void;
  readonly embedded?: EmbeddedDatabase;
  /** Of an embedded database on disk. */
  readonly folder?: string | undefined;
}

async function prepare(
  { kind, dialect, release, embedded, folder, ...more }: Connections,
  logger: Logger,
): Promise<Store> {
  const db = new Kysely<Database>({ dialect });
  const jobs = more.jobs ? new Kysely<Database>({ dialect: more.jobs }) : db;
  const leases = more.leases ? new Kysely<Database>({ dialect: more.leases }) : db;
  const audit = more.audit ? new Kysely<Database>({ dialect: more.audit }) : db;
  const migrating = more.migration ? new Kysely<Database>({ dialect: more.migration }) : db;
  const checkpoints = new EmbeddedCheckpoints({ db, logger, everyMs: storePolicy.checkpointEveryMs });
  const close = async () => {
    try {
      await checkpoints.stop();
      for (const one of new Set([leases, audit, jobs, db])) await one.destroy();
    } finally {
      release();
    }
  };
  try {
    const description = await describeDatabase(migrating, kind === 'server').catch((cause: unknown) => {
      throw unreachable(cause);
    });
    if (kind === 'embedded') await sql.raw(`set search_path = ${searchPath}`).execute(db);
    if (folder !== undefined) await keepBeforeUpgrade(migrating, folder, logger);
    else if (kind === 'server') await tellOfUpgrade(migrating, logger);
    await migrate(migrating, description.capabilities);
    await grantToReaders(migrating);
    const capabilities = await builtCapabilities(migrating, description.capabilities);
    const ping = async () => {
      await sql`select 1`.execute(db).catch((cause: unknown) => {
        throw unreachable(cause);
      });
    };
    embedded?.migrated();
    if (folder !== undefined) checkpoints.start();
    const slowStatements = () => embedded?.slow.recent();
    const changes = new ChangeLog(db);
    return {
      kind,
      db,
      jobs,
      leases,
      audit,
      changes,
      ...description,
      capabilities,
      ping,
      slowStatements,
      close,
    };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  } finally {
    if (migrating !== db) await migrating.destroy().catch(() => undefined);
  }
}

/** The embedded store over a PGlite that somebody else made (the fork with TimescaleDB, in tests). */
export function openStoreOn(pglite: PGliteDialectConfig['pglite']): Promise<Store> {
  return prepare(
    { kind: 'embedded', dialect: new PGliteDialect({ pglite }), release: () => undefined },
    pino({ level: 'silent' }),
  );
}

async function openEmbedded(
  { folder, image, template }: StoreOptions & { readonly kind: 'embedded' },
  logger: Logger,
): Promise<Store> {
  const release = folder === undefined ? () => undefined : lockFolder(folder);
  const sessionSettings = [`set search_path = ${searchPath}`];
  const database = await EmbeddedDatabase.open({ folder, image, template, logger, sessionSettings }).catch(
    (error: unknown) => {
      release();
      throw error;
    },
  );
  const dialect = new PGliteDialect({ pglite: database });
  return prepare({ kind: 'embedded', dialect, release, embedded: database, folder }, logger);
}

/**
 * Opens the store and migrates it.
 * An embedded database is copied before it is migrated.
 * @throws WatchpostError `config.data_folder`, `store.unreachable`, `store.newer`, `backup.no_room` or
 *   `store.migration`
 */
export async function openStore(
  options: StoreOptions,
  logger: Logger = pino({ level: 'silent' }),
): Promise<Store> {
  if (options.kind === 'embedded') return openEmbedded(options, logger);
  const { url, statement } = options;
  const connections: Connections = {
    kind: 'server',
    dialect: serverDialect(url, storePolicy.connections, statement),
    jobs: serverDialect(url, 1, storePolicy.jobStatement),
    leases: serverDialect(url, 1, storePolicy.leaseStatement),
    audit: serverDialect(url, 1, statement),
    migration: serverDialect(url, 1, storePolicy.migrationStatement),
    release: () => undefined,
  };
  return prepare(connections, logger);
}
