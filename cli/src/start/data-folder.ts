import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import { lockFolder, type ReleaseFolder } from '@watchpost/service';

/** A data folder that this process alone uses. */
export interface DataFolder {
  readonly path: string;
  readonly release: ReleaseFolder;
}

/**
 * Makes the folder when it is missing and takes it.
 * @throws WatchpostError `config.data_folder`, naming the setting, when it cannot be written or another
 *   running Watchpost has it; `config.data_of_other` for root where the database is somebody else’s.
 */
export function takeDataFolder(path: string): DataFolder {
  refuseOfOther(path);
  try {
    return { path, release: lockFolder(path) };
  } catch (error) {
    if (!(error instanceof WatchpostError)) throw error;
    const { process: usedByProcess } = error.details;
    throw new WatchpostError('config.data_folder', {
      path: '/WATCHPOST_DATA',
      details: { folder: path, ...(usedByProcess === undefined ? {} : { usedByProcess }) },
      cause: error.cause,
    });
  }
}

/** What root writes into the database of a service that runs as a user of its own, that user cannot open. */
function refuseOfOther(path: string): void {
  if (process.getuid?.() !== 0) return;
  const owner = statSync(join(path, 'store'), { throwIfNoEntry: false })?.uid ?? 0;
  if (owner === 0) return;
  const details = { folder: path, owner: userName(owner) };
  throw new WatchpostError('config.data_of_other', { path: '/WATCHPOST_DATA', details });
}

/** As passwd(5) has it; where it does not, as sudo(8) takes a number. */
function userName(uid: number): string {
  const known = readFileSync('/etc/passwd', 'utf8').split('\n');
  return known.find((line) => line.split(':')[2] === String(uid))?.split(':')[0] ?? `#${uid}`;
}
