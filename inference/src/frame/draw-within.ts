import type { Frame } from './frame.ts';
import type { Affine, PixelCoding } from './sampling.ts';

/**
 * Whether every sample of the mapped picture (`taps` × `taps` per pixel) lies between four pixels of the
 * frame. Rounding is monotone, so the corners decide.
 */
export function isWithin(frame: Frame, map: Affine, width: number, height: number, taps: number): boolean {
  const { a, b, c, d, e, f } = map;
  const edge = 0.5 / taps - 0.5;
  for (const u of [edge, width - 1 - edge]) {
    for (const v of [edge, height - 1 - edge]) {
      const x = a * u + b * v + c;
      const y = d * u + e * v + f;
      if (!(x >= 0 && y >= 0 && x < frame.width - 1 && y < frame.height - 1)) return false;
    }
  }
  return true;
}

/**
 * Bilinear, for a face that lies within the frame: as the general way, number for number, without its limits
 * and without a row between.
 */
export function drawWithin(
  frame: Frame,
  { a, b, c, d, e, f }: Affine,
  width: number,
  height: number,
  { colour, mean, scale }: PixelCoding,
  target: Float32Array,
): void {
  const { data } = frame;
  const stride = frame.width * 3;
  const plane = width * height;
  const red = colour === 'RGB' ? 0 : 2 * plane;
  const blue = 2 * plane - red;
  const { fround } = Math;
  for (let v = 0, at = 0; v < height; v++) {
    const bv = b * v;
    const ev = e * v;
    for (let u = 0; u < width; u++, at++) {
      const x = a * u + bv + c;
      const y = d * u + ev + f;
      const x0 = x | 0;
      const y0 = y | 0;
      const fx = x - x0;
      const fy = y - y0;
      const w00 = (1 - fx) * (1 - fy);
      const w10 = fx * (1 - fy);
      const w01 = (1 - fx) * fy;
      const w11 = fx * fy;
      const p = y0 * stride + x0 * 3;
      const q = p + stride;
      const r =
        w00 * (data[p] as number) +
        w10 * (data[p + 3] as number) +
        w01 * (data[q] as number) +
        w11 * (data[q + 3] as number);
      const g =
        w00 * (data[p + 1] as number) +
        w10 * (data[p + 4] as number) +
        w01 * (data[q + 1] as number) +
        w11 * (data[q + 4] as number);
      const l =
        w00 * (data[p + 2] as number) +
        w10 * (data[p + 5] as number) +
        w01 * (data[q + 2] as number) +
        w11 * (data[q + 5] as number);
      // Rounded where the general way stores a row.
      target[red + at] = (fround(r) - mean) * scale;
      target[plane + at] = (fround(g) - mean) * scale;
      target[blue + at] = (fround(l) - mean) * scale;
    }
  }
}

/**
 * As `drawWithin`, a mean of `taps` × `taps` nearest pixels: faces that are larger than the model's input.
 */
export function averageWithin(
  { data, width: frameWidth }: Frame,
  { a, b, c, d, e, f }: Affine,
  width: number,
  height: number,
  taps: number,
  { colour, mean, scale }: PixelCoding,
  target: Float32Array,
): void {
  const plane = width * height;
  const red = colour === 'RGB' ? 0 : 2 * plane;
  const blue = 2 * plane - red;
  const across = new Float64Array(width * taps);
  const down = new Float64Array(width * taps);
  for (let u = 0, k = 0; u < width; u++) {
    for (let i = 0; i < taps; i++, k++) {
      const uu = u + (i + 0.5) / taps - 0.5;
      across[k] = a * uu;
      down[k] = d * uu;
    }
  }
  const share = 1 / (taps * taps);
  // A sum is a whole number: the model's number for each stands in a table, rounded where the general way
  // stores a row.
  const coded = new Float32Array(255 * taps * taps + 1);
  for (let sum = 0; sum < coded.length; sum++) coded[sum] = (Math.fround(sum * share) - mean) * scale;
  const columns = across.length;
  const sums = new Int32Array(3 * width);
  for (let v = 0, at = 0; v < height; v++) {
    sums.fill(0);
    for (let j = 0; j < taps; j++) {
      const vv = v + (j + 0.5) / taps - 0.5;
      const bv = b * vv;
      const ev = e * vv;
      for (let k = 0, s = 0, left = taps; k < columns; k++) {
        const x = ((across[k] as number) + bv + c + 0.5) | 0;
        const y = ((down[k] as number) + ev + f + 0.5) | 0;
        const p = (y * frameWidth + x) * 3;
        sums[s] = (sums[s] as number) + (data[p] as number);
        sums[s + 1] = (sums[s + 1] as number) + (data[p + 1] as number);
        sums[s + 2] = (sums[s + 2] as number) + (data[p + 2] as number);
        if (--left === 0) {
          left = taps;
          s += 3;
        }
      }
    }
    for (let s = 0; s < sums.length; s += 3, at++) {
      target[red + at] = coded[sums[s] as number] as number;
      target[plane + at] = coded[sums[s + 1] as number] as number;
      target[blue + at] = coded[sums[s + 2] as number] as number;
    }
  }
}
