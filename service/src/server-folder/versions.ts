import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WatchpostError } from '@watchpost/contracts/errors';
import { replaceFileSync } from '../atomic-file.ts';
import { lockFolder, makeFolders, type ReleaseFolder } from '../folder-lock.ts';
import { leaveToFolderOwner } from '../folder-owner.ts';
import { serverFolderPolicy } from '../policy.ts';

/** A file as it is on the disk. */
export interface FileVersion {
  readonly bytes: Buffer;
  /** SHA-256, hexadecimal: what a change says that it was made from. */
  readonly digest: string;
  /** When it was written, milliseconds since the epoch. */
  readonly writtenMs: number;
}

/** The digest of a file that is not there. */
export const absent = '';

export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** @returns undefined when there is no such file. @throws WatchpostError `site.unreadable` */
export function readVersion(path: string): FileVersion | undefined {
  try {
    const bytes = readFileSync(path);
    return { bytes, digest: digestOf(bytes), writtenMs: statSync(path).mtimeMs };
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new WatchpostError('site.unreadable', { path: basename(path), cause });
  }
}

/** Beside the file: earlier versions, and changes that came too late. */
const folderOf = (path: string): string => join(dirname(path), '.versions');
const namePattern = (path: string, kind: Kind): RegExp =>
  new RegExp(`^${basename(path).replaceAll('.', '\\.')}\\.${kind}-(\\d{6,12})$`);
type Kind = 'kept' | 'refused';

/** Paths of what is kept of a file, the newest first. */
export function keptVersions(path: string, kind: Kind = 'kept'): string[] {
  const folder = folderOf(path);
  const pattern = namePattern(path, kind);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const number = (name: string): number => Number(pattern.exec(name)?.[1] ?? -1);
  return names
    .filter((name) => pattern.test(name))
    .toSorted((a, b) => number(b) - number(a))
    .map((name) => join(folder, name));
}

/**
 * Keeps a version of a file, unless it is the newest that is kept already; the oldest beyond the policy’s
 * number go. Whoever puts a version into force keeps it, so that a later start can fall back on it.
 * @returns its path
 */
export function keepVersion(path: string, bytes: Uint8Array, kind: Kind = 'kept'): string {
  const before = keptVersions(path, kind);
  const [newest] = before;
  if (newest !== undefined && readVersion(newest)?.digest === digestOf(bytes)) return newest;
  const number = newest === undefined ? 1 : Number(namePattern(path, kind).exec(basename(newest))?.[1]) + 1;
  makeKept(folderOf(path));
  const kept = join(folderOf(path), `${basename(path)}.${kind}-${String(number).padStart(6, '0')}`);
  replaceFileSync(kept, bytes);
  for (const old of before.slice(serverFolderPolicy.versionsKept - 1)) rmSync(old, { force: true });
  return kept;
}

/** @throws WatchpostError `config.data_folder` */
function makeKept(folder: string): void {
  if (existsSync(folder)) return;
  try {
    makeFolders(folder);
  } catch (cause) {
    throw new WatchpostError('config.data_folder', { path: folder, cause });
  }
  leaveToFolderOwner(folder);
}

/** A change of a file by a program. */
export interface Replacement {
  readonly path: string;
  readonly text: string;
  /** Digest of the version that it was made from; {@link absent} for a new file. */
  readonly basedOn: string;
}

/**
 * Puts a new version of a file in place, if the file is still the one that the change was made from; its
 * version before is kept. Programs take turns; an editor’s save between the last look and the rename is not
 * seen.
 * @returns the new digest
 * @throws WatchpostError `site.changed_meanwhile` (with `kept`, where the refused version is), `site.busy`
 */
export async function replaceVersion({ path, text, basedOn }: Replacement): Promise<string> {
  const release = await takeTurn(folderOf(path));
  try {
    sweepDrafts(dirname(path), basename(path));
    sweepDrafts(folderOf(path), basename(path));
    const bytes = Buffer.from(text);
    const current = readVersion(path);
    if ((current?.digest ?? absent) !== basedOn) {
      const kept = keepVersion(path, bytes, 'refused');
      throw new WatchpostError('site.changed_meanwhile', {
        path: basename(path),
        details: { kept: `.versions/${basename(kept)}` },
      });
    }
    if (current) keepVersion(path, current.bytes);
    replaceFileSync(path, bytes, 0o640);
    return digestOf(bytes);
  } finally {
    release();
  }
}

/** Takes away what writers left that were killed. Only whoever has the turn writes. */
function sweepDrafts(folder: string, name: string): void {
  for (const found of readdirSync(folder))
    if (found.startsWith(`${name}.`) && /\.[0-9a-f]{12}$/.test(found))
      rmSync(join(folder, found), { force: true });
}

async function takeTurn(folder: string): Promise<ReleaseFolder> {
  makeKept(folder);
  const { waitMs } = serverFolderPolicy;
  for (const started = performance.now(); ; ) {
    try {
      return lockFolder(folder);
    } catch (error) {
      const isHeld = error instanceof WatchpostError && 'process' in error.details;
      if (!isHeld) throw error;
      if (performance.now() - started > waitMs) throw new WatchpostError('site.busy', { cause: error });
    }
    await delay(20 + Math.random() * 30);
  }
}
