import { WatchpostError } from '@watchpost/contracts/errors';
import type { Mistake } from '@watchpost/contracts/site';

/** The first of the mistakes of a server folder, as an error with its file, line and column. */
export function firstOf([mistake]: readonly Mistake[]): WatchpostError {
  if (!mistake) return new WatchpostError('site.unreadable');
  const { code, file, line, column, path } = mistake;
  return new WatchpostError(code, { path, details: { file, line, column } });
}
