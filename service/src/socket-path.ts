import { closeSync, openSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/** The address of a socket file; `release` when nothing is going to be connected any more. */
export interface SocketPath {
  readonly path: string;
  readonly release: () => void;
}

/**
 * A socket’s address is short (unix(7): 107 bytes), a folder’s path may be long: an open folder has a short
 * one. Errors of the file system pass through.
 */
export function shortSocketPath(path: string): SocketPath {
  if (process.platform !== 'linux' || Buffer.byteLength(path) <= 100)
    return { path, release: () => undefined };
  const folder = openSync(dirname(path), 'r');
  return { path: `/proc/self/fd/${folder}/${basename(path)}`, release: () => closeSync(folder) };
}

/** Whether an error says that no process listens on a socket file. */
export const isNobodyThere = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['ENOENT', 'ECONNREFUSED', 'ENOTDIR'].includes(String(error.code));
