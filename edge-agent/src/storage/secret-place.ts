import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import { readSecretFile } from '@watchpost/service';

/** Where secrets are: in a folder, each in a file of its name, and those of `secretFiles` elsewhere. */
export interface SecretPlaces {
  readonly secretsFolder: string;
  readonly secretFiles: Readonly<Record<string, string>>;
}

/** The file of the secret of a name. */
export function secretPlace({ secretsFolder, secretFiles }: SecretPlaces, name: string): string {
  return (Object.hasOwn(secretFiles, name) ? secretFiles[name] : undefined) ?? join(secretsFolder, name);
}

/**
 * A secret as its file has it now, without a line end.
 * @throws WatchpostError `config.secret_file` when it cannot be read, is empty, or others may read it
 */
export function readSecretText(file: string): string {
  try {
    const text = readSecretFile(file)
      .toString('utf8')
      .replace(/\r?\n$/, '');
    if (text !== '') return text;
  } catch (cause) {
    throw new WatchpostError('config.secret_file', { path: file, cause });
  }
  throw new WatchpostError('config.secret_file', { path: file, details: { expected: 'a secret' } });
}
