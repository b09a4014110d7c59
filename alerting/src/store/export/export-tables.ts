import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { EmbeddedDatabase } from '../embedded-database.ts';
import { searchPath } from '../server-dialect.ts';
import { copyRunningCluster } from './copy-cluster.ts';
import { type CopyConnection, quoted } from './copy-connection.ts';
import { describeTables, type TableShape } from './describe-tables.ts';
import { embeddedCopy } from './embedded-copy.ts';
import { openServerCopy } from './server-copy.ts';

/** The database whose rows are copied, whether or not Watchpost runs. */
export type StoreSource =
  /** `scratch` is a folder on the same computer for a copy of it; it is made, and taken away again. */
  | { readonly kind: 'embedded'; readonly folder: string; readonly scratch: string }
  | { readonly kind: 'server'; readonly url: string };

/** Rows of tables as they were at one moment. */
export interface TablesToExport {
  readonly shape: TableShape;
  /** Of a table of the shape: its rows in PostgreSQL’s text form of COPY. */
  rows(table: string): AsyncIterable<Uint8Array>;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Of a database that was never made. */
export const noTables: TablesToExport = {
  shape: { postgres: 'none', timescale: null, migrations: [], tables: [], sequences: [], bytes: 0 },
  rows: nothing,
};

/**
 * Gives all tables of a database as they were at one moment, and keeps nobody from writing to it meanwhile: a
 * server has snapshots, an embedded database is copied first.
 * @throws WatchpostError `store.unreachable`, `config.data_folder`, and as `copyRunningCluster`
 */
export async function exportTables<T>(
  source: StoreSource,
  take: (tables: TablesToExport) => Promise<T>,
): Promise<T> {
  return source.kind === 'embedded' ? fromEmbedded(source, take) : fromServer(source.url, take);
}

async function inSnapshot<T>(copy: CopyConnection, take: (tables: TablesToExport) => Promise<T>): Promise<T> {
  await copy.query('begin transaction isolation level repeatable read, read only');
  const shape = await describeTables(copy);
  const columnsOf = (name: string) => shape.tables.find((table) => table.name === name)?.columns ?? [];
  const rows = (name: string) => copy.copyOut(quoted(name), columnsOf(name).map(quoted));
  const result = await take({ shape, rows });
  await copy.query('rollback');
  return result;
}

async function fromServer<T>(url: string, take: (tables: TablesToExport) => Promise<T>): Promise<T> {
  const copy = await openServerCopy(url);
  try {
    return await inSnapshot(copy, take);
  } finally {
    await copy.close();
  }
}

async function fromEmbedded<T>(
  { folder, scratch }: StoreSource & { readonly kind: 'embedded' },
  take: (tables: TablesToExport) => Promise<T>,
): Promise<T> {
  try {
    await mkdir(scratch, { recursive: true, mode: 0o700 });
    await copyRunningCluster(join(folder, 'pg'), join(scratch, 'pg'));
    const database = await EmbeddedDatabase.open({
      folder: scratch,
      logger: pino({ level: 'silent' }),
      sessionSettings: [`set search_path = ${searchPath}`],
    });
    try {
      return await inSnapshot(await embeddedCopy(database), take);
    } finally {
      await database.close();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
