import { WatchpostError } from '@watchpost/contracts/errors';
import { lockFolder } from '@watchpost/service';
import { Kysely, PGliteDialect } from 'kysely';
import { pino } from 'pino';
import { describeDatabase, type StoreCapabilities } from '../capabilities.ts';
import { EmbeddedDatabase } from '../embedded-database.ts';
import { refreshAllHours } from '../event-store.ts';
import { knownMigrations, migrate } from '../migrate.ts';
import { storePolicy } from '../policy.ts';
import type { Database, Queryable } from '../schema.ts';
import { searchPath, serverDialect } from '../server-dialect.ts';
import { type CopyConnection, quoted } from './copy-connection.ts';
import { describeTables, hasRows, ownTriggers, type TableShape } from './describe-tables.ts';
import { embeddedCopy } from './embedded-copy.ts';
import { openServerCopy } from './server-copy.ts';

/** The database that rows are put into: in it is nothing yet. */
export type StoreTarget =
  | {
      readonly kind: 'embedded';
      readonly folder: string;
      readonly template?: string | undefined;
      readonly image?: string | undefined;
    }
  | { readonly kind: 'server'; readonly url: string };

interface OpenTarget {
  readonly db: Queryable;
  readonly copy: CopyConnection;
  readonly capabilities: StoreCapabilities;
  close(): Promise<void>;
}

async function openEmbeddedTarget(target: StoreTarget & { readonly kind: 'embedded' }): Promise<OpenTarget> {
  const release = lockFolder(target.folder);
  try {
    const database = await EmbeddedDatabase.open({
      folder: target.folder,
      template: target.template,
      image: target.image,
      logger: pino({ level: 'silent' }),
      sessionSettings: [`set search_path = ${searchPath}`],
    });
    const db = new Kysely<Database>({ dialect: new PGliteDialect({ pglite: database }) });
    const close = async () => {
      await db.destroy();
      release();
    };
    try {
      const { capabilities } = await describeDatabase(db, false);
      return { db, copy: await embeddedCopy(database), capabilities, close };
    } catch (error) {
      await db.destroy();
      throw error;
    }
  } catch (error) {
    release();
    throw error;
  }
}

async function openServerTarget({ url }: StoreTarget & { readonly kind: 'server' }): Promise<OpenTarget> {
  const copy = await openServerCopy(url);
  const db = new Kysely<Database>({ dialect: serverDialect(url, 1, storePolicy.migrationStatement) });
  const close = async () => {
    await copy.close();
    await db.destroy();
  };
  try {
    return { db, copy, capabilities: (await describeDatabase(db, true)).capabilities, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Fills an empty database: its tables are made as they were where the rows come from, the rows are copied in
 * one transaction, and then the tables become those of this version.
 */
export class TableImport {
  readonly #target: OpenTarget;
  readonly #shape: Pick<TableShape, 'tables' | 'sequences'>;
  readonly #triggers: Awaited<ReturnType<typeof ownTriggers>>;

  private constructor(
    target: OpenTarget,
    shape: Pick<TableShape, 'tables' | 'sequences'>,
    triggers: Awaited<ReturnType<typeof ownTriggers>>,
  ) {
    this.#target = target;
    this.#shape = shape;
    this.#triggers = triggers;
  }

  /**
   * @throws WatchpostError `backup.newer` where the rows are of a version after this one,
   *   `backup.not_empty`, and as `openStore`
   */
  static async begin(
    where: StoreTarget,
    shape: Pick<TableShape, 'migrations' | 'tables' | 'sequences'>,
  ): Promise<TableImport> {
    requireKnown(shape.migrations);
    const target = await (where.kind === 'embedded' ? openEmbeddedTarget(where) : openServerTarget(where));
    try {
      const { copy, db, capabilities } = target;
      const found = await describeTables(copy);
      if (await hasRows(copy, found.tables)) throw new WatchpostError('backup.not_empty');
      // Tables that are there already, and empty, must be of the same shape.
      if (found.migrations.some((name) => !shape.migrations.includes(name)))
        throw new WatchpostError('backup.not_empty');
      await migrate(db, capabilities, shape.migrations);
      const triggers = await ownTriggers(copy);
      await copy.query('begin');
      for (const { table, trigger } of triggers)
        await copy.query(`alter table ${quoted(table)} disable trigger ${quoted(trigger)}`);
      return new TableImport(target, shape, triggers);
    } catch (error) {
      await target.close();
      throw error;
    }
  }

  /**
   * Copies the rows of a table; gives their number. @throws WatchpostError `backup.partial` for a stranger
   */
  async table(name: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
    const table = this.#shape.tables.find((known) => known.name === name);
    if (!table) throw new WatchpostError('backup.partial', { details: { table: name } });
    return this.#target.copy.copyIn(quoted(name), table.columns.map(quoted), chunks);
  }

  /** All rows are there. @throws WatchpostError `store.migration` */
  finish(): Promise<void> {
    return this.#finish(async ({ db, capabilities }) => {
      await migrate(db, capabilities);
      if (capabilities.continuousAggregates) await refreshAllHours(db);
    });
  }

  /** All rows are there; the database stays of the version that they are of. */
  finishAsItWas(): Promise<void> {
    return this.#finish(async () => undefined);
  }

  async #finish(then: (target: OpenTarget) => Promise<void>): Promise<void> {
    const { copy } = this.#target;
    try {
      for (const { table, column, last, called } of this.#shape.sequences)
        await copy.query('select setval(pg_get_serial_sequence($1, $2), $3, $4)', [
          quoted(table),
          column,
          last,
          called,
        ]);
      for (const { table, trigger } of this.#triggers)
        await copy.query(`alter table ${quoted(table)} enable trigger ${quoted(trigger)}`);
      await copy.query('commit');
      await then(this.#target);
      await copy.query('analyze');
      await copy.query('checkpoint').catch(() => undefined);
    } finally {
      await this.#target.close();
    }
  }

  /** Leaves the database without a row. */
  async abandon(): Promise<void> {
    await this.#target.copy.query('rollback').catch(() => undefined);
    await this.#target.close().catch(() => undefined);
  }
}

/** @throws WatchpostError `backup.newer` where the rows are of a version after this one */
export function requireKnown(migrations: readonly string[]): void {
  const unknown = migrations.filter((name) => !knownMigrations.includes(name));
  if (unknown.length > 0)
    throw new WatchpostError('backup.newer', { details: { found: unknown.join(', ') } });
}
