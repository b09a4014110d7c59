import { fork } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { WatchpostError } from '@watchpost/contracts';
import { nodeFlags } from '@watchpost/service';

/**
 * PGlite's own start parameters, but with fsync (its `-F` turns it off: an acknowledged event must survive a power
 * cut) and with small buffers (the operating system caches the files anyway).
 */
const startParams = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...['-c', 'shared_buffers=16MB', '-c', 'wal_buffers=1MB', '-c', 'max_connections=5'],
];

/** Makes the cluster beside its place and moves it there, so that a half-made one is never opened. */
async function makeFolder(place: string): Promise<void> {
  const draft = `${place}.new`;
  rmSync(draft, { recursive: true, force: true });
  const script = fileURLToPath(new URL('./make-data-folder.ts', import.meta.url));
  const child = fork(script, [draft], { stdio: 'ignore', execArgv: [...nodeFlags] });
  // It is busy for seconds and would outlive us.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  process.removeListener('exit', kill);
  if (code !== 0) throw new Error(`making the database ended with ${code}`);
  renameSync(draft, place);
}

/**
 * Opens the embedded database, in memory without a folder. The caller holds the folder's lock.
 * @throws WatchpostError `config.data_folder` when it cannot be made or opened.
 */
export async function openEmbedded(folder: string | undefined): Promise<PGlite> {
  if (folder === undefined) return PGlite.create({ startParams });
  const place = join(folder, 'pg');
  try {
    if (!existsSync(place)) await makeFolder(place);
    return await PGlite.create({ dataDir: place, startParams });
  } catch (cause) {
    throw new WatchpostError('config.data_folder', { path: folder, cause });
  }
}
