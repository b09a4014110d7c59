import type { Rotation } from './frame-wire.ts';

/**
 * RGB24 without padding, square pixels, upright. `data` is used again by the next call of whoever made it.
 */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Buffer;
}

/** A picture turned clockwise, into `target` of the same number of bytes. */
export function turnRgb({ width, height, data }: RgbPicture, rotation: Rotation, target: Buffer): RgbPicture {
  const upright = rotation === 0 || rotation === 180;
  const [toWidth, toHeight] = upright ? [width, height] : [height, width];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [tx, ty] = place(x, y, width, height, rotation);
      const from = (y * width + x) * 3;
      const to = (ty * toWidth + tx) * 3;
      target[to] = data[from] ?? 0;
      target[to + 1] = data[from + 1] ?? 0;
      target[to + 2] = data[from + 2] ?? 0;
    }
  }
  return { width: toWidth, height: toHeight, data: target };
}

function place(x: number, y: number, width: number, height: number, rotation: Rotation): [number, number] {
  switch (rotation) {
    case 0:
      return [x, y];
    case 90:
      return [height - 1 - y, x];
    case 180:
      return [width - 1 - x, height - 1 - y];
    case 270:
      return [y, width - 1 - x];
  }
}

/**
 * The turn that a stream asks for: a display matrix is nine 32-bit numbers whose first two are cosine and
 * sine of the turn (ISO/IEC 14496-12 §8.5.3), FFmpeg’s matrix turning counter-clockwise.
 */
export function rotationOf(displayMatrix: Buffer | null): Rotation {
  if (!displayMatrix || displayMatrix.length < 36) return 0;
  const degrees = (Math.atan2(displayMatrix.readInt32LE(4), displayMatrix.readInt32LE(0)) * 180) / Math.PI;
  const quarter = ((Math.round(degrees / 90) % 4) + 4) % 4;
  return ([0, 90, 180, 270] as const)[quarter] ?? 0;
}
