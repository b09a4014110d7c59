import type { Point } from '../frame/frame.ts';
import type { GrayImage } from './zxing.ts';

/**
 * Undoes what cloth, bottles and curled paper do to a code, in fractions of half the picture: `bow` moves the
 * middle of lines against their ends, `squeeze` moves the ends against the middle, so that cells get larger
 * towards one side.
 */
export interface Bend {
  readonly kind: 'bow' | 'squeeze';
  readonly axis: 'x' | 'y';
  readonly amount: number;
}

/** Where a point of the bent picture (pixels of the result) lies in the picture it was made from. */
export function unbend({ kind, axis, amount }: Bend, point: Point, image: GrayImage, scale: number): Point {
  const u = (2 * point.x) / (image.width * scale) - 1;
  const v = (2 * point.y) / (image.height * scale) - 1;
  const across = axis === 'x' ? v : u;
  const along = axis === 'x' ? u : v;
  const moved = along + amount * (kind === 'bow' ? 1 - across * across : along * along);
  const x = axis === 'x' ? moved : u;
  const y = axis === 'x' ? v : moved;
  return { x: ((x + 1) / 2) * image.width, y: ((y + 1) / 2) * image.height };
}

/** The bent picture, `scale` times as large, bilinear; edges repeat. */
export function bend(image: GrayImage, how: Bend, scale: number): GrayImage {
  const width = image.width * scale;
  const height = image.height * scale;
  const data = new Uint8Array(width * height);
  // A bend moves along one axis by an amount that depends on one coordinate only.
  const byColumn = (how.axis === 'x') === (how.kind === 'squeeze');
  const shifts = Float64Array.from({ length: byColumn ? width : height }, (_, i) => {
    const point = byColumn ? { x: i, y: 0 } : { x: 0, y: i };
    const from = unbend(how, point, image, scale);
    return how.axis === 'x' ? from.x - point.x / scale : from.y - point.y / scale;
  });
  const { data: source, width: w, height: h } = image;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const shift = shifts[byColumn ? x : y] as number;
      const sx = Math.min(w - 1.001, Math.max(0, x / scale - 0.5 + (how.axis === 'x' ? shift : 0)));
      const sy = Math.min(h - 1.001, Math.max(0, y / scale - 0.5 + (how.axis === 'y' ? shift : 0)));
      const x0 = sx | 0;
      const y0 = sy | 0;
      const fx = sx - x0;
      const i = y0 * w + x0;
      const top = (source[i] as number) * (1 - fx) + (source[i + 1] as number) * fx;
      const low = (source[i + w] as number) * (1 - fx) + (source[i + w + 1] as number) * fx;
      data[at] = top + (low - top) * (sy - y0) + 0.5;
    }
  }
  return { width, height, data };
}
