import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  type Box,
  createFacePipeline,
  decodeImage,
  encodeGallery,
  Gallery,
  openModelSet,
} from '@watchpost/inference';
import { encodeClip } from './encode-clip.ts';
import { listEntryRecord } from './list-entry-record.ts';
import { walkingFace } from './walking-face.ts';

/** Files of a small scene: two people walk past, one of them is on the watch-list. For tests only. */
export interface Scene {
  readonly clip: string;
  readonly gallery: GalleryFiles;
  /** The same person, on the access list. */
  readonly accessGallery: GalleryFiles;
}

interface GalleryFiles {
  readonly file: string;
  readonly keysFile: string;
}

/**
 * Faces come from the sample photos of `@vladmandic/face-api`, which the inference package has for its tests.
 */
export async function makeScene(folder: string): Promise<Scene> {
  const samples = dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'));
  const photo = await decodeImage(await readFile(join(samples, 'demo/sample1.jpg')));
  const models = await openModelSet();
  const faces = await createFacePipeline(models).analyse(photo);
  await models.close();
  const [known, stranger] = faces.filter(({ embedding }) => embedding);
  if (!known?.embedding || !stranger) throw new Error('the sample photo should show two usable faces');

  const keys = { deploymentKey: randomBytes(32), transformKey: randomBytes(32) };
  const nowMs = Date.now();
  const keysFile = join(folder, 'keys.json');
  const { embedding } = known;
  const galleryOf = async (list: 'watch' | 'access') => {
    const people = new Gallery({ transformKey: keys.transformKey });
    const record = listEntryRecord('made-up-1', list, ['gate'], nowMs);
    const entry = {
      entryId: 'made-up-1',
      list,
      expiresAt: Date.parse(record.expires),
      areas: record.area,
      record,
    };
    people.add({ ...entry, label: 'Made-up person' }, embedding);
    const file = join(folder, `${list}.wpg`);
    await writeFile(file, encodeGallery(people, keys));
    return { file, keysFile };
  };
  const gallery = await galleryOf('watch');
  const accessGallery = await galleryOf('access');
  const text = (key: Uint8Array) => Buffer.from(key).toString('base64url');
  await writeFile(
    keysFile,
    JSON.stringify({ deploymentKey: text(keys.deploymentKey), transformKey: text(keys.transformKey) }),
    { mode: 0o600 },
  );

  const clip = join(folder, 'scene.mp4');
  const size = { width: 640, height: 360, side: 300, steps: 24 };
  await encodeClip(
    clip,
    [...walkingFace(photo, around(stranger.box), size), ...walkingFace(photo, around(known.box), size)],
    12,
  );
  return { clip, gallery, accessGallery };
}

/** Head and shoulders around a face. */
function around({ x, y, width, height }: Box) {
  const side = height * 2.2;
  return {
    left: Math.max(0, x + width / 2 - side / 2),
    top: Math.max(0, y + height / 2 - side / 2),
    width: side,
    height: side,
  };
}
