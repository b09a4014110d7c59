import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely, PGliteDialect } from 'kysely';
import { pino } from 'pino';
import { describeDatabase } from '../capabilities.ts';
import { EmbeddedDatabase } from '../embedded-database.ts';
import { knownMigrations, migrate, refuseNewer } from '../migrate.ts';
import { rehearsalPolicy } from '../policy.ts';
import type { Database } from '../schema.ts';
import { searchPath } from '../server-dialect.ts';
import { bytesBelow, copyRunningCluster } from './copy-cluster.ts';
import { type CopyConnection, quoted } from './copy-connection.ts';
import { describeTables } from './describe-tables.ts';
import { embeddedCopy } from './embedded-copy.ts';
import type { StoreSource } from './export-tables.ts';
import { openServerCopy } from './server-copy.ts';

/** What the next start does to a database. */
export interface UpgradeRehearsal {
  /** Names of the migrations that will run. */
  readonly pending: readonly string[];
  /** Of the database now. */
  readonly bytes: number;
  /**
   * How long they take: tried out on a copy, or reckoned from the rows and how fast the server reads them.
   */
  readonly tookMs: number;
  readonly isTried: boolean;
  /** Most room that is needed on the disk of the database, the copy of before included. */
  readonly roomBytes: number;
}

/**
 * Says what an upgrade will do to a database, and changes nothing in it: an embedded one is copied and its
 * copy is migrated; a server is asked how much there is.
 * @throws WatchpostError `store.newer`, `store.unreachable`, `store.migration`, and as `copyRunningCluster`
 */
export function rehearseUpgrade(source: StoreSource): Promise<UpgradeRehearsal> {
  return source.kind === 'embedded' ? onCopy(source) : onServer(source.url);
}

const pendingAfter = (ran: readonly string[]): readonly string[] => {
  refuseNewer(ran);
  return knownMigrations.filter((name) => !ran.includes(name));
};

async function onCopy({
  folder,
  scratch,
}: StoreSource & { readonly kind: 'embedded' }): Promise<UpgradeRehearsal> {
  try {
    await mkdir(scratch, { recursive: true, mode: 0o700 });
    await copyRunningCluster(join(folder, 'pg'), join(scratch, 'pg'));
    const bytes = await bytesBelow(scratch);
    const database = await EmbeddedDatabase.open({
      folder: scratch,
      logger: pino({ level: 'silent' }),
      sessionSettings: [`set search_path = ${searchPath}`],
    });
    try {
      const { migrations } = await describeTables(await embeddedCopy(database));
      const pending = pendingAfter(migrations);
      const startedMs = performance.now();
      if (pending.length > 0) {
        const db = new Kysely<Database>({ dialect: new PGliteDialect({ pglite: database }) });
        await migrate(db, (await describeDatabase(db, false)).capabilities);
      }
      const tookMs = performance.now() - startedMs;
      const grown = Math.max(0, (await bytesBelow(scratch)) - bytes);
      const roomBytes = pending.length > 0 ? bytes + grown : 0;
      return { pending, bytes, tookMs: Math.round(tookMs), isTried: true, roomBytes };
    } finally {
      await database.close();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function onServer(url: string): Promise<UpgradeRehearsal> {
  const copy = await openServerCopy(url);
  try {
    await copy.query('begin transaction read only');
    const { migrations, tables, bytes } = await describeTables(copy);
    const pending = pendingAfter(migrations);
    const tookMs = pending.length > 0 ? await reckon(copy, tables) : 0;
    await copy.query('rollback');
    // A table that is written anew is there twice until the commit.
    const roomBytes = pending.length > 0 ? bytes : 0;
    return { pending, bytes, tookMs: Math.round(tookMs), isTried: false, roomBytes };
  } finally {
    await copy.close();
  }
}

/** Reads a part of each table; writing all of it anew takes a multiple of that. */
async function reckon(copy: CopyConnection, tables: readonly { readonly name: string }[]): Promise<number> {
  const { rowsRead, timesReading } = rehearsalPolicy;
  let ms = 0;
  for (const { name } of tables) {
    const startedMs = performance.now();
    const [read] = await copy.query<{ rows: string; all: string }>(
      `select count(*)::text as rows, (select coalesce(sum(greatest(reltuples, 0)), 0) from pg_class
          where oid = to_regclass($1)
            or oid in (select inhrelid from pg_inherits where inhparent = to_regclass($1)))::text as all
        from (select md5(t::text) from ${quoted(name)} as t limit ${rowsRead}) as part`,
      [quoted(name)],
    );
    const rows = Math.max(1, Number(read?.rows ?? 1));
    ms += ((performance.now() - startedMs) / rows) * Math.max(rows, Number(read?.all ?? 0));
  }
  return ms * timesReading;
}
