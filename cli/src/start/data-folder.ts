import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts';

/** A data folder that this process alone uses. */
export interface DataFolder {
  readonly path: string;
  release(): void;
}

/**
 * Makes the folder when it is missing and takes it.
 * @throws WatchpostError `config.data_folder` when it cannot be written or another running Watchpost has it.
 */
export function takeDataFolder(path: string, isRunning: (pid: number) => boolean = processRuns): DataFolder {
  const lock = join(path, 'watchpost.pid');
  try {
    makeFolders(path);
  } catch (cause) {
    throw new WatchpostError('config.data_folder', {
      path: '/WATCHPOST_DATA',
      details: { folder: path },
      cause,
    });
  }
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = openSync(lock, 'wx', 0o600);
      writeSync(file, String(process.pid));
      closeSync(file);
      return { path, release: () => rmSync(lock, { force: true }) };
    } catch (cause) {
      const holder = readPid(lock);
      if (holder !== null && isRunning(holder)) {
        throw new WatchpostError('config.data_folder', {
          path: '/WATCHPOST_DATA',
          details: { folder: path, usedByProcess: holder },
        });
      }
      if (attempt === 1)
        throw new WatchpostError('config.data_folder', {
          path: '/WATCHPOST_DATA',
          details: { folder: path },
          cause,
        });
      // Left by a process that was killed.
      rmSync(lock, { force: true });
    }
  }
  throw new WatchpostError('config.data_folder', { path: '/WATCHPOST_DATA', details: { folder: path } });
}

/** One level after the other: Node’s own recursive way never ends below folders that refuse to have children, as in /proc. */
function makeFolders(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (!found && dirname(path) !== path) makeFolders(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

function readPid(path: string): number | null {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

function processRuns(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
