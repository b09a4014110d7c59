/**
 * Decodes one photo: a process of its own, because photos come from strangers and decoders have faults. The
 * bytes come on stdin; the answer goes to stdout as `u32 length · JSON · pixels · JPEG`. It opens no file and
 * no connection, and the enrolment ends it when it takes too much time or memory.
 */
import { writeFileSync } from 'node:fs';
import sharp from 'sharp';
import type { DecodedPhoto } from './decode-photo.ts';
import { photoPolicy } from './policy.ts';

try {
  // When memory runs out, Linux ends this process before any other.
  writeFileSync('/proc/self/oom_score_adj', '1000');
} catch {
  // Not Linux, or not allowed: the limit of memory holds all the same.
}

sharp.cache(false);
sharp.concurrency(1);
// Only the decoders of what a photo may be; libvips has dozens more.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp'],
});

async function decode(bytes: Buffer): Promise<DecodedPhoto> {
  const { keptSide, pixels, quality } = photoPolicy;
  // Turned as EXIF says; of the file nothing but pixels goes on: no EXIF, no place, no colour profile.
  const { data, info } = await sharp(bytes, {
    limitInputPixels: pixels,
    failOn: 'error',
    sequentialRead: true,
    pages: 1,
  })
    .autoOrient()
    .resize({ width: keptSide, height: keptSide, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#808080' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels !== 3) throw new Error(`${channels} channels`);
  const raw = { raw: { width, height, channels } };
  return { width, height, pixels: data, jpeg: await sharp(data, raw).jpeg({ quality }).toBuffer() };
}

const chunks: Buffer[] = [];
process.stdin.on('data', (chunk: Buffer) => chunks.push(chunk));
process.stdin.on('end', () => {
  decode(Buffer.concat(chunks)).then(
    ({ width, height, pixels, jpeg }) => say({ width, height }, pixels, jpeg),
    () => say({ unreadable: true }),
  );
});

function say(value: object, ...parts: Uint8Array[]): void {
  const json = Buffer.from(JSON.stringify(value));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  process.stdout.end(Buffer.concat([length, json, ...parts]), () => process.exit(0));
}
