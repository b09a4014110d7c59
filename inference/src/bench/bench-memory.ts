import sharp from 'sharp';
import { createCodeReader } from '../codes/code-reader.ts';
import { type Figure, progress } from '../eval/figures.ts';
import { createFacePipeline } from '../face/pipeline.ts';
import { decodeImage } from '../frame/decode-image.ts';
import type { Frame } from '../frame/frame.ts';
import { Gallery } from '../gallery/gallery.ts';
import { openModelSet } from '../models/open-model-set.ts';
import { createFaceTracker } from '../track/face-tracker.ts';

/** What the memory bench needs: a photo with one face, and how many frames to work off. */
export interface MemoryBenchOptions {
  readonly photo: Uint8Array;
  readonly frames: number;
}

/**
 * Of so many frames, the first few show the face and come as JPEG; then the scene is empty until its track
 * has ended.
 */
const round = 40;
const withFace = 4;
const megabyte = 1024 * 1024;

/**
 * Whether memory stays flat: frames through decoding, face pipeline, tracker with a gallery, and code reader,
 * as on a gateway. Growth is the highest resident size of the last tenth of the frames minus that of the
 * second tenth; the first tenth is warm-up.
 */
export async function benchMemory({ photo, frames }: MemoryBenchOptions): Promise<Figure[]> {
  const jpeg = await sharp(photo).resize(640, 480, { fit: 'cover' }).jpeg({ quality: 90 }).toBuffer();
  const models = await openModelSet();
  const { threshold, falseMatchRate, thresholds, dimension } = models;
  const gallery = new Gallery({ dimension });
  gallery.add(
    { entryId: 'somebody', list: 'watch', expiresAt: Infinity },
    new Float32Array(dimension).fill(1),
  );
  const pipeline = createFacePipeline(models);
  const tracker = createFaceTracker({ gallery, threshold, falseMatchRate, thresholds });
  const codes = createCodeReader({ secondLookMs: 0 });
  const empty = emptyFrame();
  const tenth = Math.floor(frames / 10);
  const highest = { second: 0, last: 0 };
  let decisions = 0;
  for (let i = 0; i < frames; i++) {
    const capturedAt = i * 125;
    const frame = i % round < withFace ? await decodeImage(jpeg, { capturedAt }) : { ...empty, capturedAt };
    if (i % round < withFace || i % 2 === 0)
      decisions += tracker.update(await pipeline.analyse(frame), capturedAt).length;
    else await codes.read(frame);
    const { rss } = i % 50 === 0 ? process.memoryUsage() : { rss: 0 };
    if (i >= tenth && i < 2 * tenth) highest.second = Math.max(highest.second, rss);
    if (i >= frames - tenth) highest.last = Math.max(highest.last, rss);
    if (i % 500 === 499) progress(i + 1, frames);
  }
  await models.close();
  const mb = (figure: string, bytes: number): Figure => ({
    figure,
    value: bytes / megabyte,
    unit: 'MB',
    n: frames,
  });
  return [
    { figure: 'memory_decisions', value: decisions, unit: 'decisions', n: frames },
    mb('memory_rss_mb', highest.last),
    mb('memory_growth_mb', highest.last - highest.second),
  ];
}

function emptyFrame(): Frame {
  const [width, height] = [320, 240];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 31) % 97);
  return { width, height, data, capturedAt: 0 };
}
