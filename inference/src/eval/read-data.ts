import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts';

/**
 * A file of a data set.
 * @throws WatchpostError `config.invalid` at `/--data`, with the file, when it cannot be read
 */
export async function readDataFile(dir: string, ...parts: readonly string[]): Promise<Buffer> {
  const file = join(dir, ...parts);
  try {
    return await readFile(file);
  } catch (cause) {
    throw new WatchpostError('config.invalid', {
      path: '/--data',
      details: { file, expected: 'a file that can be read' },
      cause,
    });
  }
}
