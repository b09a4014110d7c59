import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';

/** Data that cannot be evaluated with: where (file, and line or window) and what was expected there. */
export const badData = (path: string, expected: string, cause?: unknown): WatchpostError =>
  new WatchpostError('inference.evaluation_data', { path, details: { expected }, cause });

/**
 * The file `path` of the data set in `dir`.
 * @throws WatchpostError `inference.evaluation_data` with the path when it cannot be read
 */
export async function readDataFile(dir: string, path: string): Promise<Buffer> {
  try {
    return await readFile(join(dir, path));
  } catch (cause) {
    throw badData(path, 'a file that can be read', cause);
  }
}
