import type { Box, Frame } from './frame.ts';

/** How pixels become numbers of a model input: `(value − mean) × scale`, in planes. */
export interface PixelCoding {
  readonly colour: 'RGB' | 'BGR' | 'GRAY';
  readonly mean: number;
  readonly scale: number;
}

/** Maps output pixels to frame pixels: `x = a·u + b·v + c`, `y = d·u + e·v + f`; pixel centres are integers. */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

/** The map that stretches `region` of a frame over a `width` × `height` picture (half-pixel centres, as OpenCV does). */
export function stretch(region: Box, width: number, height: number): Affine {
  const sx = region.width / width;
  const sy = region.height / height;
  return { a: sx, b: 0, c: region.x + sx / 2 - 0.5, d: 0, e: sy, f: region.y + sy / 2 - 0.5 };
}

/**
 * Draws the mapped frame into `target` (planes of `width` × `height`, in `coding`). Bilinear below a reduction of 1.75; from there a mean of
 * up to 4 × 4 samples per pixel, so that far reductions do not alias. Outside the frame counts as black.
 */
export function resample(
  frame: Frame,
  map: Affine,
  width: number,
  height: number,
  coding: PixelCoding,
  target: Float32Array,
): void {
  const reduction = Math.max(Math.hypot(map.a, map.d), Math.hypot(map.b, map.e));
  const taps = reduction < 1.75 ? 1 : Math.min(4, Math.round(reduction));
  const sums = new Float64Array(3 * width);
  const plane = width * height;
  const { mean, scale, colour } = coding;
  for (let v = 0; v < height; v++) {
    if (taps === 1) bilinearRow(frame, map, v, width, sums);
    else averageRow(frame, map, v, width, taps, sums);
    for (let u = 0, s = 0, at = v * width; u < width; u++, s += 3, at++) {
      const r = sums[s] as number;
      const g = sums[s + 1] as number;
      const b = sums[s + 2] as number;
      if (colour === 'GRAY') target[at] = (0.299 * r + 0.587 * g + 0.114 * b - mean) * scale;
      else {
        target[at] = ((colour === 'RGB' ? r : b) - mean) * scale;
        target[at + plane] = (g - mean) * scale;
        target[at + 2 * plane] = ((colour === 'RGB' ? b : r) - mean) * scale;
      }
    }
  }
}

function bilinearRow(frame: Frame, map: Affine, v: number, width: number, out: Float64Array): void {
  const { data, width: w, height: h } = frame;
  const stride = w * 3;
  for (let u = 0, s = 0; u < width; u++, s += 3) {
    let x = map.a * u + map.b * v + map.c;
    let y = map.d * u + map.e * v + map.f;
    if (!(x > -1 && y > -1 && x < w && y < h)) {
      out[s] = out[s + 1] = out[s + 2] = 0;
      continue;
    }
    x = Math.max(0, Math.min(w - 1, x));
    y = Math.max(0, Math.min(h - 1, y));
    const x0 = x | 0;
    const y0 = y | 0;
    const fx = x - x0;
    const fy = y - y0;
    const p = y0 * stride + x0 * 3;
    const q = x0 < w - 1 ? p + 3 : p;
    const down = y0 < h - 1 ? stride : 0;
    const w00 = (1 - fx) * (1 - fy);
    const w10 = fx * (1 - fy);
    const w01 = (1 - fx) * fy;
    const w11 = fx * fy;
    for (let c = 0; c < 3; c++) {
      out[s + c] =
        w00 * (data[p + c] as number) +
        w10 * (data[q + c] as number) +
        w01 * (data[p + down + c] as number) +
        w11 * (data[q + down + c] as number);
    }
  }
}

function averageRow(
  frame: Frame,
  map: Affine,
  v: number,
  width: number,
  taps: number,
  out: Float64Array,
): void {
  const { data, width: w, height: h } = frame;
  const share = 1 / (taps * taps);
  for (let u = 0, s = 0; u < width; u++, s += 3) {
    let r = 0;
    let g = 0;
    let b = 0;
    for (let j = 0; j < taps; j++) {
      const vv = v + (j + 0.5) / taps - 0.5;
      for (let i = 0; i < taps; i++) {
        const uu = u + (i + 0.5) / taps - 0.5;
        const x = Math.floor(map.a * uu + map.b * vv + map.c + 0.5);
        const y = Math.floor(map.d * uu + map.e * vv + map.f + 0.5);
        if (x < 0 || y < 0 || x >= w || y >= h) continue;
        const at = (y * w + x) * 3;
        r += data[at] as number;
        g += data[at + 1] as number;
        b += data[at + 2] as number;
      }
    }
    out[s] = r * share;
    out[s + 1] = g * share;
    out[s + 2] = b * share;
  }
}
