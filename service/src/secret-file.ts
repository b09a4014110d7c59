import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { WatchpostError } from '@watchpost/contracts/errors';
import { replaceFileSync } from './atomic-file.ts';

/**
 * Puts a file in place at once, also across a power cut, for its owner only (mode 0600). What belongs
 * together, a key and its certificate, is one file, because two could not be replaced together.
 * @throws WatchpostError `config.data_folder`
 */
export function replaceSecretFile(path: string, content: string): void {
  try {
    replaceFileSync(path, content);
  } catch (cause) {
    throw new WatchpostError('config.data_folder', { path, cause });
  }
}

/**
 * Who besides its owner may read a secret file: nobody, or its group too, as keys of web servers often have
 * it.
 */
export type SecretReaders = 'owner' | 'group';

/**
 * Reads a file with a secret, if nobody else on this computer could have read it (POSIX permissions; on
 * Windows they say nothing). Errors of the file system pass through.
 * @throws WatchpostError `config.secret_readable` with the path
 */
export function readSecretFile(path: string, readers: SecretReaders = 'owner'): Buffer {
  const file = openSync(path, 'r');
  try {
    const mode = fstatSync(file).mode & 0o777;
    const others = readers === 'owner' ? 0o077 : 0o007;
    if (process.platform !== 'win32' && (mode & others) !== 0) {
      const details = { mode: `0${mode.toString(8)}`, expected: readers === 'owner' ? '0600' : '0640' };
      throw new WatchpostError('config.secret_readable', { path, details });
    }
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
