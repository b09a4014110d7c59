import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { detectFaces } from '../face/detect.ts';
import { decodeImage } from '../frame/decode-image.ts';
import type { ModelSet } from '../models/open-model-set.ts';
import { type Figure, progress } from './figures.ts';

/** Face heights in pixels of a 640 × 480 frame. A face of LFW is about 0.45 of its picture's height. */
const faceHeights = [80, 60, 40, 30, 20];
const faceShare = 0.45;
const pictures = 150;

/**
 * Recall of the detector by face size: pictures shrunk and laid into the middle of a gray 640 × 480 frame; a
 * face found at the middle counts.
 */
export async function recallBySize(
  dir: string,
  images: readonly string[],
  models: ModelSet,
): Promise<Figure[]> {
  const chosen = images.filter((_, i) => i % Math.ceil(images.length / pictures) === 0);
  const figures: Figure[] = [];
  let done = 0;
  for (const height of faceHeights) {
    let found = 0;
    for (const image of chosen) {
      progress(++done, faceHeights.length * chosen.length);
      const side = Math.round(height / faceShare);
      const picture = await sharp(await readFile(join(dir, 'images', image)))
        .resize(side, side, { fit: 'cover' })
        .png()
        .toBuffer();
      const canvas = sharp({ create: { width: 640, height: 480, channels: 3, background: '#777' } });
      const frame = await decodeImage(
        await canvas
          .composite([{ input: picture, gravity: 'centre' }])
          .png()
          .toBuffer(),
      );
      const faces = await detectFaces(models.detector, frame);
      if (
        faces.some(
          ({ box }) => Math.hypot(box.x + box.width / 2 - 320, box.y + box.height / 2 - 240) < height / 2,
        )
      )
        found++;
    }
    figures.push({
      figure: `lfw_detect_recall_${height}px`,
      value: (100 * found) / chosen.length,
      unit: '%',
      n: chosen.length,
    });
  }
  return figures;
}
