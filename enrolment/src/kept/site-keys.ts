import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { galleryKeysFile, galleryKeysFileSchema } from '@watchpost/contracts/enrolment';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { GalleryKeys } from '@watchpost/inference';
import { makeFolders, readSecretFile, replaceSecretFile } from '@watchpost/service';

/** The keys of a site. */
export interface SiteKeys {
  /** Wraps the key of each entry. It never leaves the server, so no gateway can open a photo. */
  readonly storage: Uint8Array;
  /** Of gallery files and templates; gateways get them. */
  readonly gallery: GalleryKeys;
}

const storageFile = 'storage.key';
const keyBytes = 32;

/** Folder of the entries, in that of the site. */
export const entriesFolder = 'entries';

/**
 * Reads the keys of a site, or makes them where nothing was enrolled yet. Lost keys are never replaced by new
 * ones in silence: what they protect would be lost with them.
 * @throws WatchpostError `enrolment.keys_damaged`, `config.secret_readable`, `config.data_folder`
 */
export function openSiteKeys(folder: string): SiteKeys {
  makeFolders(folder);
  const storage = join(folder, storageFile);
  const gallery = join(folder, galleryKeysFile);
  if (!existsSync(storage) && !existsSync(gallery)) {
    if (hasEntries(folder)) throw new WatchpostError('enrolment.keys_damaged');
    replaceSecretFile(storage, randomBytes(keyBytes).toString('base64url'));
    writeGalleryKeys(folder, newGalleryKeys());
  } else if (existsSync(storage) && !existsSync(gallery) && !hasEntries(folder))
    writeGalleryKeys(folder, newGalleryKeys());
  return { storage: readStorageKey(storage), gallery: readGalleryKeys(gallery) };
}

function hasEntries(folder: string): boolean {
  const entries = join(folder, entriesFolder);
  return existsSync(entries) && readdirSync(entries).length > 0;
}

/** Keys that nothing was made with yet. */
export const newGalleryKeys = (): GalleryKeys => ({
  deploymentKey: randomBytes(keyBytes),
  transformKey: randomBytes(keyBytes),
});

/** Puts new gallery keys into force. @throws WatchpostError `config.data_folder` */
export function writeGalleryKeys(folder: string, { deploymentKey, transformKey }: GalleryKeys): void {
  const encoded = (key: Uint8Array) => Buffer.from(key).toString('base64url');
  const content = { deploymentKey: encoded(deploymentKey), transformKey: encoded(transformKey) };
  replaceSecretFile(join(folder, galleryKeysFile), `${JSON.stringify(content)}\n`);
}

function readStorageKey(file: string): Uint8Array {
  const key = Buffer.from(readText(file), 'base64url');
  if (key.length !== keyBytes) throw new WatchpostError('enrolment.keys_damaged');
  return key;
}

function readGalleryKeys(file: string): GalleryKeys {
  let value: unknown;
  try {
    value = JSON.parse(readText(file));
  } catch (cause) {
    if (cause instanceof WatchpostError) throw cause;
    throw new WatchpostError('enrolment.keys_damaged');
  }
  const parsed = galleryKeysFileSchema.safeParse(value);
  if (!parsed.success) throw new WatchpostError('enrolment.keys_damaged');
  const { deploymentKey, transformKey } = parsed.data;
  return {
    deploymentKey: Buffer.from(deploymentKey, 'base64url'),
    transformKey: Buffer.from(transformKey, 'base64url'),
  };
}

function readText(file: string): string {
  try {
    return readSecretFile(file).toString('utf8').trim();
  } catch (cause) {
    if (cause instanceof WatchpostError) throw cause;
    throw new WatchpostError('enrolment.keys_damaged', { cause });
  }
}
