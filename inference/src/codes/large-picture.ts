import { crop } from './enhance.ts';
import type { GrayCodeReader } from './gray-code-reader.ts';
import { shrink } from './gray-image.ts';
import type { CodeReading } from './reading.ts';
import { findRegions } from './regions.ts';
import type { GrayImage } from './zxing.ts';

/** Parts with more pixels than this are halved until they have fewer. */
const mostPixels = 1_200_000;

export interface LargePictureOptions {
  /** Reads the whole picture at `wholeWidth`, and the parts. */
  readonly reader: GrayCodeReader;
  /** The whole picture is shrunk by the whole number that brings it nearest above this. */
  readonly wholeWidth: number;
}

/**
 * The codes in a picture of any size, each text once: in the whole picture made smaller, and in its busiest
 * parts with all their pixels, so that a code may be a small part of a large picture.
 */
export async function readLargePicture(
  image: GrayImage,
  { reader, wholeWidth }: LargePictureOptions,
): Promise<readonly Pick<CodeReading, 'text' | 'partOf'>[]> {
  const factor = Math.max(1, Math.floor(image.width / wholeWidth));
  const whole = factor === 1 ? image : shrink(image, factor);
  const found = new Map<string, Pick<CodeReading, 'text' | 'partOf'>>();
  const note = (readings: readonly CodeReading[]) => {
    for (const { text, partOf } of readings)
      found.set(text, { text, ...(partOf === undefined ? {} : { partOf }) });
  };
  note(await reader.readGray(whole));
  if (factor === 1) return [...found.values()];
  for (const { box } of findRegions(whole)) {
    let part = crop(image, {
      x: box.x * factor,
      y: box.y * factor,
      width: box.width * factor,
      height: box.height * factor,
    });
    while (part.width * part.height > mostPixels) part = shrink(part, 2);
    note(await reader.readGray(part));
  }
  return [...found.values()];
}
