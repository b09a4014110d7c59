import { join } from 'node:path';
import { readSecretFile } from '@watchpost/service';
import { Undelivered } from './undelivered.ts';

/**
 * Reads a secret by its name, anew for each try, so that a changed one is in force at once.
 * @throws Undelivered `notify.secret`
 */
export type SecretReader = (name: string) => string;

/** The secrets of a folder, each a file. */
export const secretsIn =
  (folder: string): SecretReader =>
  (name) => {
    try {
      const secret = readSecretFile(join(folder, name)).toString('utf8').trim();
      if (secret !== '') return secret;
    } catch (cause) {
      throw new Undelivered({ outcome: 'refused', code: 'notify.secret' }, cause);
    }
    throw new Undelivered({ outcome: 'refused', code: 'notify.secret' });
  };
