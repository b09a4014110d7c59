import { averageGray } from './average-gray.ts';
import { averageWithin, drawWithin, isWithin } from './draw-within.ts';
import type { Box, Frame } from './frame.ts';
import { halve, isHalving } from './halve.ts';
import type { Affine, PixelCoding } from './sampling.ts';

/**
 * The map that stretches `region` of a frame over a `width` × `height` picture (half-pixel centres, as OpenCV
 * does).
 */
export function stretch(region: Box, width: number, height: number): Affine {
  const sx = region.width / width;
  const sy = region.height / height;
  return { a: sx, b: 0, c: region.x + sx / 2 - 0.5, d: 0, e: sy, f: region.y + sy / 2 - 0.5 };
}

/**
 * Draws the mapped frame into `target` (planes of `width` × `height`, in `coding`). Bilinear below a
 * reduction of 1.75; from there a mean of up to 4 × 4 samples per pixel, so that far reductions do not alias.
 * Outside the frame counts as black.
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
  const upright = map.b === 0 && map.d === 0;
  if (coding.colour !== 'GRAY') {
    // What nearly every frame takes, without what the general way pays for any map: same numbers, half the
    // time.
    if (upright && isHalving(frame, map, width, height)) {
      halve(frame, coding, target);
      return;
    }
    if ((taps === 1 || !upright) && isWithin(frame, map, width, height, taps)) {
      if (taps === 1) drawWithin(frame, map, width, height, coding, target);
      else averageWithin(frame, map, width, height, taps, coding, target);
      return;
    }
  }
  const columns = upright && taps > 1 ? columnsOf(frame, map, width, taps) : null;
  if (columns && liesInside(frame, map, columns, height, taps)) {
    if (coding.colour === 'GRAY') {
      averageGray(frame, map, columns, height, taps, coding, target);
      return;
    }
    if (taps === 2) {
      drawHalf(frame, map, columns, height, coding, target);
      return;
    }
  }
  const row = new Float32Array(3 * width);
  for (let v = 0; v < height; v++) {
    if (columns) uprightRow(frame, map, v, columns, taps, row);
    else if (taps === 1) bilinearRow(frame, map, v, width, row);
    else averageRow(frame, map, v, width, taps, row);
    encodeRow(row, coding, target, v * width, width * height);
  }
}

/** Writes a row of RGB values into the planes of the model input. */
function encodeRow(
  row: Float32Array,
  coding: PixelCoding,
  target: Float32Array,
  start: number,
  plane: number,
): void {
  const { mean, scale, colour } = coding;
  const end = row.length;
  if (colour === 'GRAY') {
    for (let s = 0, at = start; s < end; s += 3, at++) {
      const luma =
        0.299 * (row[s] as number) + 0.587 * (row[s + 1] as number) + 0.114 * (row[s + 2] as number);
      target[at] = (luma - mean) * scale;
    }
    return;
  }
  const first = colour === 'RGB' ? 0 : 2;
  for (let s = 0, at = start; s < end; s += 3, at++) {
    target[at] = ((row[s + first] as number) - mean) * scale;
    target[at + plane] = ((row[s + 1] as number) - mean) * scale;
    target[at + 2 * plane] = ((row[s + 2 - first] as number) - mean) * scale;
  }
}

/** Byte offset in a frame row of every sample column of an upright map; −1 outside the frame. */
function columnsOf(frame: Frame, map: Affine, width: number, taps: number): Int32Array {
  return Int32Array.from({ length: width * taps }, (_, k) => {
    const x = Math.floor(map.a * ((k + 0.5) / taps - 0.5) + map.c + 0.5);
    return x < 0 || x >= frame.width ? -1 : x * 3;
  });
}

/**
 * Whether every sample of an upright map (`taps` per pixel and direction, at 1/(2·taps) from the pixel's
 * edges) lies in the frame.
 */
function liesInside(frame: Frame, map: Affine, columns: Int32Array, height: number, taps: number): boolean {
  const edge = 0.5 / taps - 0.5;
  const top = Math.floor(map.e * edge + map.f + 0.5);
  const bottom = Math.floor(map.e * (height - 1 - edge) + map.f + 0.5);
  return top >= 0 && bottom < frame.height && !columns.includes(-1);
}

/** Reductions of about two, upright and within the frame, in one loop. */
function drawHalf(
  { data, width }: Frame,
  map: Affine,
  columns: Int32Array,
  height: number,
  { colour, mean, scale }: PixelCoding,
  target: Float32Array,
): void {
  const columnCount = columns.length >> 1;
  const plane = columnCount * height;
  const quarter = scale / 4;
  const offset = -mean * scale;
  const red = colour === 'RGB' ? 0 : 2 * plane;
  const blue = 2 * plane - red;
  for (let v = 0, at = 0; v < height; v++) {
    const upper = Math.floor(map.e * (v - 0.25) + map.f + 0.5) * width * 3;
    const lower = Math.floor(map.e * (v + 0.25) + map.f + 0.5) * width * 3;
    for (let k = 0; k < columns.length; k += 2, at++) {
      const left = columns[k] as number;
      const right = columns[k + 1] as number;
      const a = upper + left;
      const b = upper + right;
      const c = lower + left;
      const d = lower + right;
      const r = (data[a] as number) + (data[b] as number) + (data[c] as number) + (data[d] as number);
      const g =
        (data[a + 1] as number) + (data[b + 1] as number) + (data[c + 1] as number) + (data[d + 1] as number);
      const l =
        (data[a + 2] as number) + (data[b + 2] as number) + (data[c + 2] as number) + (data[d + 2] as number);
      target[red + at] = r * quarter + offset;
      target[plane + at] = g * quarter + offset;
      target[blue + at] = l * quarter + offset;
    }
  }
}

/** As `averageRow`, for maps without rotation: the same columns in every row. */
function uprightRow(
  frame: Frame,
  map: Affine,
  v: number,
  columns: Int32Array,
  taps: number,
  out: Float32Array,
): void {
  const { data, width, height } = frame;
  out.fill(0);
  const share = 1 / (taps * taps);
  for (let j = 0; j < taps; j++) {
    const y = Math.floor(map.e * (v + (j + 0.5) / taps - 0.5) + map.f + 0.5);
    if (y < 0 || y >= height) continue;
    const start = y * width * 3;
    for (let k = 0, s = 0; k < columns.length; s += 3) {
      let r = 0;
      let g = 0;
      let b = 0;
      for (const end = k + taps; k < end; k++) {
        const column = columns[k] as number;
        if (column < 0) continue;
        const at = start + column;
        r += data[at] as number;
        g += data[at + 1] as number;
        b += data[at + 2] as number;
      }
      out[s] = (out[s] as number) + r * share;
      out[s + 1] = (out[s + 1] as number) + g * share;
      out[s + 2] = (out[s + 2] as number) + b * share;
    }
  }
}

function bilinearRow(frame: Frame, map: Affine, v: number, width: number, out: Float32Array): void {
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
    const r = p + down;
    const t = q + down;
    // Written out: this loop draws every face.
    out[s] =
      w00 * (data[p] as number) +
      w10 * (data[q] as number) +
      w01 * (data[r] as number) +
      w11 * (data[t] as number);
    out[s + 1] =
      w00 * (data[p + 1] as number) +
      w10 * (data[q + 1] as number) +
      w01 * (data[r + 1] as number) +
      w11 * (data[t + 1] as number);
    out[s + 2] =
      w00 * (data[p + 2] as number) +
      w10 * (data[q + 2] as number) +
      w01 * (data[r + 2] as number) +
      w11 * (data[t + 2] as number);
  }
}

function averageRow(
  frame: Frame,
  map: Affine,
  v: number,
  width: number,
  taps: number,
  out: Float32Array,
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
