import type { Point } from '../frame/frame.ts';
import { crop, turn } from './enhance.ts';
import type { CodeReading } from './reading.ts';
import { edgeDirection } from './regions.ts';
import { formatList, type GrayImage, type Look, readGray, type ZxingModule } from './zxing.ts';

/**
 * Codes whose Reed–Solomon code is strong enough: one reading will do. A small Micro QR code has next to
 * none.
 */
const strong = new Set(['QRCode', 'DataMatrix', 'Aztec']);

/**
 * Weeds out misreadings. Codes of bars have one check digit, small PDF417 and Micro QR codes few words of
 * error correction: noisy, turned or damaged ones are misread now and then. What such a code says counts when
 * a second, different look says the same bytes: one at the code alone, turned so that its bars stand upright.
 */
export class Agreement {
  /** The look that a reading was seen in first. */
  readonly #lookOf = new Map<string, number>();

  /** Whether a reading counts. `image` and `how` are what it was read from. */
  accepts(reading: CodeReading, module: ZxingModule, image: GrayImage, how: Look): boolean {
    const { format, look, bytes, position } = reading;
    if (strong.has(format)) return true;
    const key = `${format} ${Buffer.from(bytes).toString('base64')}`;
    const before = this.#lookOf.get(key);
    if (before !== undefined && before !== look) return true;
    this.#lookOf.set(key, look);
    const again: Look = {
      ...how,
      formats: formatList([format]) ?? how.formats,
      minLines: 3,
      tryDownscale: false,
    };
    const view = straightened(image, position);
    return (['LocalAverage', 'GlobalHistogram'] as const).some((binarizer) =>
      readGray(module, view, { ...again, binarizer }, look).some((twin) =>
        Buffer.from(twin.bytes).equals(bytes),
      ),
    );
  }
}

/**
 * The code and what is around it, turned so that its bars stand upright and one and a half times as large.
 * The corners of a code of one row are those of the rows that were read, so the direction comes from the
 * edges.
 */
function straightened(image: GrayImage, [a, b, c, d]: readonly [Point, Point, Point, Point]): GrayImage {
  const xs = [a.x, b.x, c.x, d.x];
  const ys = [a.y, b.y, c.y, d.y];
  const margin = 10 + 0.25 * Math.hypot(b.x - a.x, b.y - a.y);
  const x = Math.max(0, Math.floor(Math.min(...xs) - margin));
  const y = Math.max(0, Math.floor(Math.min(...ys) - margin));
  const width = Math.min(image.width, Math.ceil(Math.max(...xs) + margin)) - x;
  const height = Math.min(image.height, Math.ceil(Math.max(...ys) + margin)) - y;
  const part = crop(image, { x, y, width, height });
  return turn(part, edgeDirection(part).angle, 1.5);
}
