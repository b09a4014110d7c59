import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolders, replaceSecretFile } from '@watchpost/service';

/**
 * How the secrets of a site begin. A site that is named at length, or like no file, begins with a digest of
 * its name.
 */
export function secretPrefix(site: string): string {
  const isShort = /^[A-Za-z0-9][A-Za-z0-9_-]{0,29}$/.test(site);
  return `${isShort ? site : `s${createHash('sha256').update(site).digest('hex').slice(0, 28)}`}.`;
}

/** The names of the secrets in a folder, in order. */
export function secretsIn(folder: string): string[] {
  try {
    return readdirSync(join(folder, 'secrets')).toSorted();
  } catch {
    return [];
  }
}

/**
 * Writes a secret of a site (0600).
 * @param folder the server folder
 * @returns its name in the site file
 * @throws WatchpostError `config.data_folder`
 */
export function keepSecret(folder: string, site: string, name: string, value: string): string {
  const secret = `${secretPrefix(site)}${name}`;
  makeFolders(join(folder, 'secrets'));
  replaceSecretFile(join(folder, 'secrets', secret), value);
  return secret;
}
