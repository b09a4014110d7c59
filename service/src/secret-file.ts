import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { WatchpostError } from '@watchpost/contracts';

/**
 * Puts a file in place at once, also across a power cut, for its owner only (mode 0600). What belongs together, a key and its
 * certificate, is one file, because two could not be replaced together.
 * @throws WatchpostError `config.data_folder`
 */
export function replaceSecretFile(path: string, content: string): void {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = openSync(draft, 'wx', 0o600);
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
    const folder = openSync(dirname(path), 'r');
    fsyncSync(folder);
    closeSync(folder);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw new WatchpostError('config.data_folder', { path, cause });
  }
}
