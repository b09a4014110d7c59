import { WatchpostError } from '@watchpost/contracts/errors';
import { lockFolder, makeFolders, type ReleaseFolder } from '@watchpost/service';
import { type DiskTrouble, diskTrouble } from './disk-trouble.ts';

/** The data folder of a gateway, taken by this process. */
export interface GatewayFolder {
  /** Why the folder cannot be used; the gateway runs without it then. */
  readonly trouble: DiskTrouble | null;
  readonly release: ReleaseFolder;
}

/**
 * Makes the folder and takes it. A disk that is full or read-only stops no alarm: there nobody can take it,
 * and nobody needs to.
 * @throws WatchpostError `config.data_folder` when another process uses it, or the path can be no folder
 */
export function takeFolder(folder: string): GatewayFolder {
  const trouble = makeFolder(folder);
  const free: ReleaseFolder = () => undefined;
  if (trouble !== null) return { trouble, release: free };
  try {
    return { trouble, release: lockFolder(folder) };
  } catch (error) {
    if (error instanceof WatchpostError && error.cause !== undefined && diskTrouble(error.cause) !== null)
      return { trouble, release: free };
    throw error;
  }
}

/** Makes the data folder. @returns what keeps it from being written, if that is the disk's fault. */
function makeFolder(folder: string): DiskTrouble | null {
  try {
    makeFolders(folder);
    return null;
  } catch (cause) {
    const trouble = diskTrouble(cause);
    if (trouble !== null) return trouble;
    throw new WatchpostError('config.data_folder', { path: '/dataFolder', cause });
  }
}
