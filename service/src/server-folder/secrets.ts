import { statSync } from 'node:fs';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import { readSecretFile } from '../secret-file.ts';

const nameForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The secrets of a server folder, each in a file of its own. */
export interface SecretFolder {
  has(name: string): boolean;
  /**
   * The secret, without a line feed at its end.
   * @throws WatchpostError `site.secret_missing`, `config.secret_readable`
   */
  read(name: string): string;
}

/** @param folder the folder `secrets` of a server folder */
export function secretFolder(folder: string): SecretFolder {
  const pathOf = (name: string): string => {
    if (!nameForm.test(name))
      throw new WatchpostError('site.secret_missing', { path: `/${name.slice(0, 64)}` });
    return join(folder, name);
  };
  return {
    has: (name) =>
      nameForm.test(name) && statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true,
    read(name) {
      try {
        return readSecretFile(pathOf(name))
          .toString('utf8')
          .replace(/\r?\n$/, '');
      } catch (cause) {
        if (cause instanceof WatchpostError) throw cause;
        throw new WatchpostError('site.secret_missing', { path: `/${name}`, cause });
      }
    },
  };
}
