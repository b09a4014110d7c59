import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { requireKnown, type StoreTarget, TableImport } from '@watchpost/alerting/export';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type RestoredFile, restoredFile, restoredFileSchema } from '@watchpost/contracts/lists';
import { replaceFile } from '@watchpost/service';
import { serverFileName } from '@watchpost/service/server-folder';
import { leaveNote } from '../server/noted-work.ts';
import type { ArchiveEntry, ArchiveManifest, ArchivePreface } from './archive-format.ts';
import { ArchiveReader, verifyArchive } from './archive-reader.ts';
import type { RecoveryKey } from './recovery-key.ts';

/** Where an archive is restored to. */
export interface RestorePlaces {
  /** The server folder. */
  readonly folder: string;
  /** Where its data goes; `folder` may lie in it, or it in `folder`. */
  readonly data: string;
}

/** What a restore needs. */
export interface RestoreOptions {
  readonly from: string;
  readonly recovery: RecoveryKey;
  /** The server folder. */
  readonly folder: string;
  /** Where the data goes, by what the server’s file in the archive says. */
  readonly dataOf: (serverFile: Buffer | undefined) => string;
  /** The last entry of the audit log that anybody knows of, noted outside of the server. */
  readonly head?: RestoredFile['head'];
  /** The database, known when the files are there: `server.yaml` may name a server. */
  readonly databaseOf: (staged: RestorePlaces) => StoreTarget;
}

/** What was restored. */
export interface Restored {
  /** The server folder and its data. */
  readonly places: RestorePlaces;
  readonly preface: ArchivePreface;
  readonly manifest: ArchiveManifest;
}

/** In a root while it is restored: until the end nothing is where a server would look for it. */
const stage = '.restoring';

/**
 * Restores an archive into folders in which nothing is yet. First all of it is read and checked, then it is
 * written beside its place, and at last moved there, `server.yaml` as the very last: whatever breaks off, no
 * half server is there, and the same command may be run again.
 * @throws WatchpostError `backup.*`, `store.*`, `config.data_folder`
 */
export async function restoreServer(options: RestoreOptions): Promise<Restored> {
  const { from, recovery, databaseOf } = options;
  const folder = resolve(options.folder);
  // What is there before the archive is read is told before the archive is read.
  await requireEmpty(folder, [join(folder, 'data')]);
  const { preface, manifest, content } = await verifyArchive(from, recovery, `server/${serverFileName}`);
  requireKnown(preface.database.migrations);
  const places = { folder, data: resolve(options.dataOf(content)) };
  const roots = [...new Set([places.data, places.folder])];
  for (const root of roots) await requireEmpty(root, roots);
  for (const root of roots) {
    await rm(join(root, stage), { recursive: true, force: true });
    await mkdir(join(root, stage), { recursive: true, mode: 0o700 });
  }
  const staged = { folder: join(places.folder, stage), data: join(places.data, stage) };
  try {
    await restoreFiles(options, staged);
    await writeMark(options, preface, staged);
    await noteRestore(options, preface, staged);
    if (preface.database.migrations.length > 0) await restoreTables(options, preface, databaseOf(staged));
    // The data first: a server without its file does not start.
    for (const root of roots) await moveUp(root);
  } finally {
    for (const root of roots) await rm(join(root, stage), { recursive: true, force: true });
  }
  return { places, preface, manifest };
}

/** The lists hold nothing but drafts after the next start, unless the audit log ends as was noted. */
async function writeMark(
  { head }: RestoreOptions,
  { madeAt }: ArchivePreface,
  { data }: RestorePlaces,
): Promise<void> {
  const mark = restoredFileSchema.parse({ version: 1, madeAt, ...(head ? { head } : {}) });
  await replaceFile(join(data, restoredFile), JSON.stringify(mark));
}

/** For the audit log, which takes it at the next start. */
async function noteRestore(
  { from, head }: RestoreOptions,
  { madeAt, watchpost }: ArchivePreface,
  { data }: RestorePlaces,
): Promise<void> {
  const details = { file: basename(from), madeAt, watchpost, head: head !== undefined };
  const note = { site: null, action: 'server_restored', subject: null, outcome: 'done', details } as const;
  await leaveNote(data, note, Date.now());
}

/** What a restore that was broken off left does not count. */
async function requireEmpty(root: string, roots: readonly string[]): Promise<void> {
  const names = await readdir(root).catch((error: { code?: unknown }) => {
    if (error.code === 'ENOENT') return [];
    throw new WatchpostError('config.data_folder', { path: root, cause: error });
  });
  const others = names.filter((name) => name !== stage && !roots.includes(join(root, name)));
  if (others.length > 0)
    throw new WatchpostError('backup.not_empty', { path: root, details: { found: others[0] ?? '' } });
}

async function restoreFiles({ from, recovery }: RestoreOptions, staged: RestorePlaces): Promise<void> {
  const reader = await ArchiveReader.open(from, recovery);
  try {
    for await (const { entry, chunks } of reader.entries())
      if (entry.kind === 'file') await writeRestored(pathOf(entry, staged), entry.mode, chunks);
  } finally {
    await reader.close();
  }
}

/** @throws WatchpostError `backup.partial` where a name leads out of its folder */
function pathOf({ name }: ArchiveEntry, { folder, data }: RestorePlaces): string {
  const [root, ...parts] = name.split('/');
  const isSafe = parts.length > 0 && parts.every((part) => /^(?!\.{1,2}$)[^/\\\0]{1,255}$/.test(part));
  if (!isSafe || (root !== 'server' && root !== 'data'))
    throw new WatchpostError('backup.partial', { details: { entry: name.slice(0, 100) } });
  return join(root === 'server' ? folder : data, ...parts);
}

async function writeRestored(path: string, mode: number, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'wx', mode);
  try {
    for await (const chunk of chunks) await file.writeFile(chunk);
    await file.chmod(mode);
    await file.sync();
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'ENOSPC') throw cause;
    throw new WatchpostError('backup.no_room', { path, cause });
  } finally {
    await file.close();
  }
}

async function restoreTables(
  { from, recovery }: RestoreOptions,
  { database }: ArchivePreface,
  target: StoreTarget,
): Promise<void> {
  const filling = await TableImport.begin(target, database);
  const reader = await ArchiveReader.open(from, recovery);
  try {
    const rows = new Map<string, number>();
    for await (const { entry, chunks } of reader.entries()) {
      if (entry.kind !== 'table') continue;
      const table = entry.name.slice('database/'.length);
      rows.set(entry.name, await filling.table(table, chunks));
    }
    for (const { name, rows: written } of reader.manifest.entries)
      if (written !== undefined && rows.get(name) !== written)
        throw new WatchpostError('backup.partial', { details: { entry: name, rows: written } });
    await filling.finish();
  } catch (error) {
    await filling.abandon();
    throw error;
  } finally {
    await reader.close();
  }
}

/** Moves what was restored to its place. */
async function moveUp(root: string): Promise<void> {
  const names = await readdir(join(root, stage));
  const last = serverFileName;
  for (const name of names.toSorted((a, b) => Number(a === last) - Number(b === last))) {
    const [from, to] = [join(root, stage, name), join(root, name)];
    if (existsSync(to)) throw new WatchpostError('backup.not_empty', { path: to });
    await rename(from, to);
  }
  const folder = await open(root, 'r');
  await folder.sync();
  await folder.close();
}
