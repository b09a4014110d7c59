import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { exportTables, noTables, type TablesToExport } from '@watchpost/alerting/export';
import { isAlive } from '@watchpost/service';
import type { ArchiveManifest } from './archive-format.ts';
import type { WritingKey } from './archive-keys.ts';
import { type ArchiveSink, writeArchive } from './archive-writer.ts';
import { countRows } from './count-rows.ts';
import { classOf, isArchived, tablesNotArchived } from './data-inventory.ts';
import { pathBelow, type ServerPlaces, storeSource } from './server-places.ts';
import { copySqlite, fileChunks, isOfSqlite, isSqlite } from './steady-copy.ts';
import { writingKeyPath, writingKeyText } from './writing-key-file.ts';

/** What a backup needs. */
export interface BackUpOptions {
  readonly places: ServerPlaces;
  /** Path of the archive. */
  readonly to: string;
  readonly key: WritingKey;
  /** Version of Watchpost. */
  readonly version: string;
  readonly nowMs: number;
}

/** What was written. */
export interface BackedUp {
  readonly manifest: ArchiveManifest;
  /** Files that the inventory does not name; they are in the archive. */
  readonly undeclared: readonly string[];
}

interface FoundFile {
  /** In the archive. */
  readonly name: string;
  readonly path: string;
  readonly mode: number;
}

/**
 * Writes an archive of a server, whether or not it runs: the tables of its database as they were at one
 * moment, then its files. Nothing is stopped and nobody waits meanwhile.
 * @throws WatchpostError `backup.*`, `store.*`, `config.data_folder`; at `to` is nothing new then
 */
export async function backUpServer(options: BackUpOptions): Promise<BackedUp> {
  const { places, to, key, version, nowMs } = options;
  const undeclared: string[] = [];
  await sweep(places.data);
  const source = storeSource(places);
  // A server that was never started has no database yet.
  const isNew = source.kind === 'embedded' && !existsSync(join(source.folder, 'pg'));
  const write = async ({ shape, rows }: TablesToExport) => {
    const { postgres, timescale, migrations, sequences } = shape;
    const tables = shape.tables.filter(({ name }) => !tablesNotArchived.includes(name));
    const database = {
      kind: source.kind,
      postgres,
      timescale,
      migrations: [...migrations],
      tables: tables.map(({ name, columns }) => ({ name, columns: [...columns] })),
      sequences: [...sequences],
    };
    const preface = { watchpost: version, madeAt: new Date(nowMs).toISOString(), database };
    return writeArchive(to, key, preface, async (archive) => {
      for (const { name } of tables) await addTable(archive, name, rows(name));
      await addFiles(archive, places, undeclared);
      await addNewKey(archive, places.folder, key);
    });
  };
  const manifest = await (isNew ? write(noTables) : exportTables(source, write));
  return { manifest, undeclared };
}

async function addTable(
  archive: ArchiveSink,
  name: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  const counted = countRows(chunks);
  await archive.add({ name: `database/${name}`, kind: 'table', mode: 0o600 }, counted.chunks, counted.rows);
}

/**
 * The first archive is written before its key is kept: a server that is restored from it has to go on with
 * that key all the same.
 */
async function addNewKey(archive: ArchiveSink, folder: string, key: WritingKey): Promise<void> {
  if (existsSync(join(folder, writingKeyPath))) return;
  const name = `server/${writingKeyPath.split(sep).join('/')}`;
  await archive.add({ name, kind: 'file', mode: 0o600 }, whole(Buffer.from(writingKeyText(key))));
}

async function addFiles(archive: ArchiveSink, places: ServerPlaces, undeclared: string[]): Promise<void> {
  const scratch = join(places.data, `backup-copy-${process.pid}`);
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  try {
    for await (const file of filesOf(places, undeclared)) {
      const { name, path, mode } = file;
      const chunks = isSqlite(path) ? whole(await copySqlite(path, scratch)) : fileChunks(path);
      await archive.add({ name, kind: 'file', mode }, chunks);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function* whole(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}

/** Each file once, also where one of the folders lies in the other. */
async function* filesOf(places: ServerPlaces, undeclared: string[]): AsyncGenerator<FoundFile> {
  const { folder, data } = places;
  const inServer = pathBelow(folder, data);
  const inData = pathBelow(data, folder);
  for (const [root, start, without] of [
    ['server', folder, inServer],
    ['data', data, inData],
  ] as const) {
    for await (const path of pathsBelow(start, '', without?.split(sep).join('/'))) {
      if (!isArchived(root, path) || isOfSqlite(path)) continue;
      if (classOf(root, path) === undefined) undeclared.push(`${root}/${path}`);
      const full = join(start, path);
      // What goes away meanwhile was no part of the server.
      const found = await stat(full).catch(() => undefined);
      if (found?.isFile()) yield { name: `${root}/${path}`, path: full, mode: found.mode & 0o777 };
    }
  }
}

/** Paths of the files below a folder, with slashes, in their order. */
async function* pathsBelow(
  start: string,
  below: string,
  without: string | undefined,
): AsyncGenerator<string> {
  const entries = await readdir(join(start, below), { withFileTypes: true }).catch(() => []);
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (path === without) continue;
    if (entry.isDirectory()) yield* pathsBelow(start, path, without);
    else if (entry.isFile() || entry.isSymbolicLink()) yield path;
  }
}

/** Takes away copies of a process that was killed while it made a backup. */
async function sweep(data: string): Promise<void> {
  for (const name of await readdir(data).catch(() => [] as string[])) {
    const pid = /^backup-copy-(\d+)$/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(data, name), { recursive: true, force: true });
  }
}
