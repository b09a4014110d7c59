import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { Mistake } from '@watchpost/contracts/site';

/**
 * The first of the mistakes of a server folder, as an error with its file, line and column; of a file that
 * cannot be read the whole path.
 */
export function firstOf([mistake]: readonly Mistake[], folder?: string): WatchpostError {
  if (!mistake) return new WatchpostError('site.unreadable', folder === undefined ? {} : { path: folder });
  const { code, file, line, column, path } = mistake;
  if (code === 'site.unreadable' && folder !== undefined)
    return new WatchpostError(code, { path: join(folder, file) });
  return new WatchpostError(code, { path, details: { file, line, column } });
}
