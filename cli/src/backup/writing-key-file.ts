import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import { readSecretFile, replaceSecretFile } from '@watchpost/service';
import { type WritingKey, writingKeyOf, writingKeySchema } from './archive-keys.ts';
import { formatRecoveryKey, newRecoveryKey } from './recovery-key.ts';

/**
 * Where a server keeps its half of the recovery key; it goes into archives, so that it outlives a restore.
 */
export const writingKeyPath = join('secrets', 'backup-key');

/** The content of that file. */
export const writingKeyText = (key: WritingKey): string => `${JSON.stringify(key)}\n`;

/** What archives of a server are written with. */
export interface WritingKeyOfServer {
  readonly key: WritingKey;
  /** The recovery key of a key that was made just now; nobody can ask for it later. */
  readonly recovery: string | undefined;
  /**
   * Keeps a key that was made just now. Called when the first archive is in its place: a key that nobody has
   * been shown must not be the one that later archives are written for.
   */
  keep(): void;
}

/**
 * The server’s key, made when there is none.
 * @throws WatchpostError `backup.key_file`, `config.secret_readable`
 */
export function writingKeyOfServer(folder: string): WritingKeyOfServer {
  const path = join(folder, writingKeyPath);
  if (existsSync(path)) return { key: readWritingKey(path), recovery: undefined, keep: () => undefined };
  const recovery = newRecoveryKey();
  const key = writingKeyOf(recovery);
  return {
    key,
    recovery: formatRecoveryKey(recovery),
    keep: () => {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      replaceSecretFile(path, writingKeyText(key));
    },
  };
}

function readWritingKey(path: string): WritingKey {
  try {
    return writingKeySchema.parse(JSON.parse(readSecretFile(path).toString('utf8')));
  } catch (cause) {
    if (cause instanceof WatchpostError) throw cause;
    // The cause may quote the file.
    throw new WatchpostError('backup.key_file', { path });
  }
}
