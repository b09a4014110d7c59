import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { decodeImage } from '../frame/decode-image.ts';
import type { Box, Frame } from '../frame/frame.ts';

const folder = join(
  dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
  'demo',
);

/** Faces in sample photos 1 … 6, counted by eye. */
export const facesInSample = [3, 3, 3, 4, 5, 4] as const;

/** The bytes of sample photo 1 … 6 (about 1920 × 1400, JPEG). */
export function samplePhoto(number: number): Promise<Buffer> {
  return readFile(join(folder, `sample${number}.jpg`));
}

/** Sample photo 1 … 6, decoded. */
export async function sampleFrame(number: number): Promise<Frame> {
  return decodeImage(await samplePhoto(number), { capturedAt: 0 });
}

/** A head-and-shoulder crop around a face, as JPEG; `margin` is in face heights on each side. */
export async function cropPhoto(
  frame: Frame,
  face: Box,
  margin = 0.8,
  edit = (image: Sharp) => image,
): Promise<Buffer> {
  const side = face.height * (1 + 2 * margin);
  const left = Math.max(0, Math.round(face.x + face.width / 2 - side / 2));
  const top = Math.max(0, Math.round(face.y + face.height / 2 - side / 2));
  const width = Math.min(frame.width - left, Math.round(side));
  const height = Math.min(frame.height - top, Math.round(side));
  const crop = asSharp(frame).extract({ left, top, width, height });
  return edit(sharp(await crop.png().toBuffer()))
    .jpeg({ quality: 85 })
    .toBuffer();
}

/** The frame as a sharp image. */
export function asSharp({ data, width, height }: Frame): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Cosine of two vectors of unit length. */
export function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
