import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { galleryFile, galleryKeysFile, galleryKeysFileSchema } from '@watchpost/contracts/enrolment';
import { parseWith, wireLimits } from '@watchpost/contracts/wire';
import { readSecretFile } from '@watchpost/service';
import type { DoorDocument } from '../door/door-documents.ts';

/** A gallery as it lies in the folder of the enrolment. */
export interface GalleryAtDoor {
  readonly path: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** The gallery with this digest in a site’s folder of the enrolment; undefined where there is none. */
export function galleryAt(folder: string, digest: string): GalleryAtDoor | undefined {
  const path = join(folder, galleryFile(digest));
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile() || found.size < 1 || found.size > wireLimits.galleryBytes) return undefined;
  return { path, digest, size: found.size };
}

/**
 * The keys that open a site’s galleries, as gateways get them: these two alone, whatever else stands in the
 * file. undefined where there are none that can be used, or others could read them.
 */
export function galleryKeysAt(folder: string): DoorDocument | undefined {
  try {
    const json: unknown = JSON.parse(readSecretFile(join(folder, galleryKeysFile)).toString('utf8'));
    const { deploymentKey, transformKey } = parseWith(galleryKeysFileSchema, json);
    const bytes = Buffer.from(JSON.stringify({ deploymentKey, transformKey }));
    return { bytes, digest: createHash('sha256').update(bytes).digest('hex') };
  } catch {
    // Without the cause: it may quote the keys.
    return undefined;
  }
}
