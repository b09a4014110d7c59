import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import { issuePass, type KeyRing, type PassClaims, parseKeyRing } from '@watchpost/passes';
import { readSecretFile } from '@watchpost/service';

/** Signs passes of sites. */
export interface PassSigner {
  /** @throws WatchpostError `pass.no_key` where there is no key of that site */
  sign(site: string, claims: Omit<PassClaims, 'iss'>): string;
  /** Under which name passes of a site are issued. @throws WatchpostError `pass.no_key` */
  issuerOf(site: string): string;
}

/** A {@link PassSigner} with the key rings that it is given. */
export function ringSigner(rings: ReadonlyMap<string, KeyRing>): PassSigner {
  const ringOf = (site: string): KeyRing => {
    const ring = rings.get(site);
    if (!ring) throw new WatchpostError('pass.no_key', { details: { site } });
    return ring;
  };
  const issuerOf = (site: string): string => {
    const { iss, kid } = ringOf(site).current;
    return iss ?? kid;
  };
  return {
    issuerOf,
    sign: (site, claims) => issuePass({ ...claims, iss: issuerOf(site) }, ringOf(site).current),
  };
}

/**
 * The key rings in a folder, `{site}.json` each, made by whoever starts the server.
 * @throws WatchpostError `config.secret_readable`, `config.data_folder` with the file
 */
export function readKeyRings(folder: string): ReadonlyMap<string, KeyRing> {
  return new Map(
    readdirSync(folder).flatMap((file) => {
      const site = /^([A-Za-z0-9_-]{1,64})\.json$/.exec(file)?.[1];
      return site === undefined ? [] : [[site, readRing(join(folder, file))] as const];
    }),
  );
}

function readRing(path: string): KeyRing {
  const text = readSecretFile(path).toString();
  try {
    return parseKeyRing(text);
  } catch {
    throw new WatchpostError('config.data_folder', { path, details: { expected: 'a key ring of passes' } });
  }
}
