import { copyFile, mkdir, open, readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WatchpostError } from '@watchpost/contracts/errors';
import { copyPolicy } from '../policy.ts';

const control = join('global', 'pg_control');
const log = 'pg_wal';
/** Of the process that runs there. */
const notOfTheData = new Set(['postmaster.pid', 'postmaster.opts']);

const isGone = (error: unknown): boolean => (error as { code?: unknown }).code === 'ENOENT';

/**
 * Copies the cluster of an embedded database, whether or not it runs, without asking or stopping it. What the
 * copy holds is what was committed when it was done; opened, it recovers as after a power cut.
 *
 * It works as a base backup does (PostgreSQL documentation, 25.3): the control file first, which says from
 * which checkpoint to recover; then the tables, while they change; the write-ahead log last. What is torn in
 * a table is whole in the log, which holds everything that reached a table before it was copied. Only a
 * checkpoint meanwhile, which takes log away that is needed, spoils it: the control file shows one, and the
 * copy is made again.
 * @param cluster the folder `pg` of a data folder
 * @param target must not exist
 * @throws WatchpostError `backup.no_room`, `backup.unsteady`
 */
export async function copyRunningCluster(cluster: string, target: string): Promise<void> {
  await requireRoom(cluster, dirname(target));
  for (let attempt = 1; ; attempt++) {
    try {
      if (await copyOnce(cluster, target)) return;
    } catch (cause) {
      await rm(target, { recursive: true, force: true });
      if ((cause as { code?: unknown }).code === 'ENOSPC')
        throw new WatchpostError('backup.no_room', { path: dirname(target), cause });
      throw cause;
    }
    await rm(target, { recursive: true, force: true });
    if (attempt === copyPolicy.attempts) throw new WatchpostError('backup.unsteady', { path: cluster });
    await sleep(copyPolicy.pauseMs);
  }
}

/** Whether there was no checkpoint meanwhile. */
async function copyOnce(cluster: string, target: string): Promise<boolean> {
  const before = await readFile(join(cluster, control));
  await copyFolder(cluster, target, (path) => path !== control && path !== log);
  await mkdir(join(target, log), { mode: 0o700 });
  await copyFolder(join(cluster, log), join(target, log), () => true);
  await writeFile(join(target, control), before, { mode: 0o600 });
  const after = await readFile(join(cluster, control));
  await syncFile(join(target, control));
  return before.equals(after);
}

/** @param wanted by path from the cluster’s folder */
async function copyFolder(
  from: string,
  to: string,
  wanted: (path: string) => boolean,
  below = '',
): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const path = join(below, entry.name);
    if (!wanted(path) || notOfTheData.has(path)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyFolder(source, target, wanted, path);
    else if (entry.isFile())
      // A table that is dropped meanwhile is dropped by the log too.
      await copyFile(source, target).catch((error: unknown) => {
        if (!isGone(error)) throw error;
      });
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  await file.sync();
  await file.close();
}

/** Bytes of all files below a folder. */
export async function bytesBelow(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    bytes += await stat(join(entry.parentPath, entry.name)).then(
      ({ size }) => size,
      () => 0,
    );
  }
  return bytes;
}

async function requireRoom(cluster: string, disk: string): Promise<void> {
  const needed = (await bytesBelow(cluster)) + copyPolicy.roomLeftBytes;
  await mkdir(disk, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(disk);
  if (bavail * bsize < needed)
    throw new WatchpostError('backup.no_room', { path: disk, details: { needed, free: bavail * bsize } });
}
