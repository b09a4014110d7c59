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
 *   running Watchpost has it.
 */
export function takeDataFolder(path: string): DataFolder {
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
