import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { WatchpostError } from '@watchpost/contracts/errors';
import { parseWith } from '@watchpost/contracts/wire';
import {
  createFacePipeline,
  decodeGallery,
  type FacePipeline,
  type Gallery,
  type GalleryKeys,
  openModelSet,
} from '@watchpost/inference';
import { readSecretFile } from '@watchpost/service';
import { z } from 'zod';
import type { EdgeAgentConfig } from '../config.ts';
import { checkRecords } from './lawful-gallery.ts';

const keySchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'expected 32 bytes as base64url');
const keysFileSchema = z.strictObject({ deploymentKey: keySchema, transformKey: keySchema });

/** Everything that looking for faces needs. */
export interface FaceRecognition {
  readonly pipeline: FacePipeline;
  readonly gallery: Gallery;
  /** SHA-256 of the gallery file, hex. */
  readonly galleryDigest: string;
  /** Whether a liveness model with a certificate is in use. */
  readonly certifiedLiveness: boolean;
  close(): Promise<void>;
}

/**
 * Opens the gallery and loads the models; the first inference is done here, so that the first face does not
 * wait for it.
 * @throws WatchpostError `config.invalid` for a file that cannot be read, `watchlist.incomplete` for an entry
 *   without a lawful record,
 * and those of `decodeGallery` and `openModelSet`.
 */
export async function openFaceRecognition(
  { file, keysFile }: NonNullable<EdgeAgentConfig['gallery']>,
  { detector, landmarks, recogniser, filesFrom, liveness }: EdgeAgentConfig['models'],
): Promise<FaceRecognition> {
  const bytes = await readConfigured(file, '/gallery/file');
  const gallery = decodeGallery(bytes, parseKeys(await readConfigured(keysFile, '/gallery/keysFile')));
  checkRecords(gallery);
  const models = await openModelSet({
    liveness,
    ...(detector ? { detector } : {}),
    ...(landmarks ? { landmarks } : {}),
    ...(recogniser ? { recogniser } : {}),
    ...(filesFrom ? { filesFrom } : {}),
  });
  const pipeline = createFacePipeline(models, { liveness });
  await pipeline.analyse({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 3), capturedAt: 0 });
  return {
    pipeline,
    gallery,
    certifiedLiveness: models.liveness?.manifest.certification !== undefined,
    galleryDigest: createHash('sha256').update(bytes).digest('hex'),
    close: () => models.close(),
  };
}

function parseKeys(bytes: Uint8Array): GalleryKeys {
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
