import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { WatchpostError } from '@watchpost/contracts/errors';
import { parseWith } from '@watchpost/contracts/wire';
import { decodeGallery, type Gallery, type GalleryKeys } from '@watchpost/inference';
import { readSecretFile } from '@watchpost/service';
import { z } from 'zod';
import type { EdgeAgentConfig } from '../config.ts';
import { checkRecords } from './lawful-gallery.ts';

const keySchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'expected 32 bytes as base64url');
const keysFileSchema = z.strictObject({ deploymentKey: keySchema, transformKey: keySchema });

/** A gallery that faces are looked for in. */
export interface OpenGallery {
  readonly gallery: Gallery;
  /** SHA-256 of the gallery file, hex: what a permit names. */
  readonly digest: string;
}

/**
 * Opens the gallery of a configuration.
 * @throws WatchpostError `config.invalid` for a file that cannot be read, and as {@link openSealed}
 */
export async function openConfiguredGallery({
  file,
  keysFile,
}: NonNullable<EdgeAgentConfig['gallery']>): Promise<OpenGallery> {
  const bytes = await readConfigured(file, '/gallery/file');
  const keys = parseGalleryKeys(await readConfigured(keysFile, '/gallery/keysFile'));
  return { gallery: openSealed(bytes, keys), digest: createHash('sha256').update(bytes).digest('hex') };
}

/**
 * Opens a sealed gallery of which every entry has a lawful record.
 * @throws WatchpostError `watchlist.incomplete` for an entry without one, and those of `decodeGallery`
 */
export function openSealed(bytes: Uint8Array, keys: GalleryKeys): Gallery {
  const gallery = decodeGallery(bytes, keys);
  checkRecords(gallery);
  return gallery;
}

/**
 * Reads the document with the keys of a gallery. @throws WatchpostError `config.invalid`, without the keys
 */
export function parseGalleryKeys(bytes: Uint8Array): GalleryKeys {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    // Without the cause: its message would quote the keys.
    throw new WatchpostError('config.invalid', { path: '/gallery/keysFile', details: { expected: 'JSON' } });
  }
  const keys = parseWith(keysFileSchema, json, 'config.invalid', '/gallery/keysFile');
  return {
    deploymentKey: Buffer.from(keys.deploymentKey, 'base64url'),
    transformKey: Buffer.from(keys.transformKey, 'base64url'),
  };
}

async function readConfigured(file: string, path: string): Promise<Uint8Array> {
  try {
    return path === '/gallery/keysFile' ? readSecretFile(file) : await readFile(file);
  } catch (cause) {
    if (cause instanceof WatchpostError) throw cause;
    throw new WatchpostError('config.invalid', {
      path,
      details: { expected: 'a file that can be read' },
      cause,
    });
  }
}
