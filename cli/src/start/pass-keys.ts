import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { SiteFile } from '@watchpost/contracts/site';
import { createKeyRing, gateKeys, type IssuerPublicKey, keyRingText, parseKeyRing } from '@watchpost/passes';
import { makeFolders, readSecretFile, replaceSecretFile } from '@watchpost/service';

/** Most keys that a gateway is told of. */
const issuersAtMost = 100;

/** The folder of the key rings that sign passes, in the data folder of a server. */
export const passKeyFolder = (dataFolder: string): string => join(dataFolder, 'passes');

/** The folder of the key rings that sign address plates. */
export const plateKeyFolder = (dataFolder: string): string => join(dataFolder, 'plates');

/** The socket file at which alerting counts uses of passes. */
export const passSocket = (dataFolder: string): string => join(dataFolder, 'pass-uses.sock');

/**
 * Makes the key rings of each site that has none (0600), one for passes and one for plates, because what
 * hangs on a wall outlives every key of passes. What a ring signed is good as long as gateways know its keys,
 * so the files belong into every backup; `watchpost pass rotate` changes them, from the next start on.
 * @throws WatchpostError `config.data_folder`
 */
export function ensurePassKeys(dataFolder: string, sites: Iterable<string>): void {
  const folders = [passKeyFolder(dataFolder), plateKeyFolder(dataFolder)];
  for (const folder of folders) makeFolders(folder);
  for (const site of sites)
    for (const folder of folders) {
      const path = join(folder, `${site}.json`);
      if (!existsSync(path)) replaceSecretFile(path, keyRingText(createKeyRing({ iss: site })));
    }
}

/**
 * A site whose gateways also take passes and plates that the server issues.
 * @throws WatchpostError `config.secret_readable`, `config.data_folder` with the file
 */
export function withOwnIssuer<T extends Pick<SiteFile, 'id' | 'passes'>>(site: T, dataFolder: string): T {
  const file = `${site.id}.json`;
  const own = [
    ...publicKeys(join(passKeyFolder(dataFolder), file)),
    // Its time is over for passes, so one that it signs opens nothing; plates are read by it for ever.
    ...publicKeys(join(plateKeyFolder(dataFolder), file)).map((key) => ({ ...key, validUntil: 0 })),
  ];
  const kept = site.passes.issuers.slice(0, issuersAtMost - own.length);
  return { ...site, passes: { ...site.passes, issuers: [...own, ...kept] } };
}

function publicKeys(path: string): SiteFile['passes']['issuers'] {
  let keys: readonly IssuerPublicKey[];
  try {
    keys = gateKeys(parseKeyRing(readSecretFile(path).toString()));
  } catch (error) {
    if (error instanceof WatchpostError && error.code === 'config.secret_readable') throw error;
    throw new WatchpostError('config.data_folder', { path, details: { expected: 'a key ring of passes' } });
  }
  return keys.map(({ kid, alg, publicKey, iss, validUntil }) => ({
    ...{ kid, alg, publicKey },
    ...(iss === undefined ? {} : { iss }),
    ...(validUntil === undefined ? {} : { validUntil }),
  }));
}
