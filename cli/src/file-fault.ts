import { WatchpostError } from '@watchpost/contracts/errors';

/** errno(3): what a person can mend at the place that is named. */
const mendable: ReadonlySet<string> = new Set([
  ...['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EMFILE', 'EIO'],
  ...['ENOENT', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY', 'EEXIST', 'ELOOP', 'ENAMETOOLONG', 'EXDEV'],
]);

/**
 * What the file system refused, as an error that says where and what to do.
 * @returns undefined for anything else
 */
export function fileFault(error: unknown): WatchpostError | undefined {
  if (!(error instanceof Error) || error instanceof WatchpostError) return undefined;
  const { code, path, syscall = '' } = error as NodeJS.ErrnoException;
  const isOfFile = code !== undefined && mendable.has(code) && path !== undefined;
  if (!isOfFile || syscall.startsWith('spawn')) return undefined;
  return new WatchpostError('config.file_unusable', { path, details: { found: code }, cause: error });
}
