import type { Box, Point } from '../frame/frame.ts';
import type { GrayImage } from './zxing.ts';

/** Part of a picture; the box lies inside it, whole pixels. */
export function crop(image: GrayImage, { x, y, width, height }: Box): GrayImage {
  const data = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const from = (y + row) * image.width + x;
    data.set(image.data.subarray(from, from + width), row * width);
  }
  return { width, height, data };
}

interface Values {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Float32Array;
}

/** Mean over squares of side 2 × radius + 1, smaller at the edges, by running sums. */
function boxMean({ width, height, data }: Values, radius: number): Float32Array {
  const rows = new Float32Array(width * height);
  for (let y = 0; y < height; y++) runningMean(data, rows, y * width, 1, width, radius);
  const out = new Float32Array(width * height);
  for (let x = 0; x < width; x++) runningMean(rows, out, x, width, height, radius);
  return out;
}

function runningMean(
  from: Uint8Array | Float32Array,
  to: Float32Array,
  start: number,
  step: number,
  count: number,
  radius: number,
): void {
  let sum = 0;
  let n = 0;
  for (let i = 0; i < Math.min(radius, count); i++, n++) sum += from[start + i * step] as number;
  for (let i = 0; i < count; i++) {
    if (i + radius < count) {
      sum += from[start + (i + radius) * step] as number;
      n++;
    }
    if (i > radius) {
      sum -= from[start + (i - radius - 1) * step] as number;
      n--;
    }
    to[start + i * step] = sum / n;
  }
}

/**
 * Local contrast: each pixel against the mean and the deviation of its surroundings (squares of side 2 ×
 * radius + 1). Evens out shadows and weak light. Where there is nothing but noise, deviations below a tenth
 * of the picture's largest count as that tenth.
 */
export function evenOut(image: GrayImage, radius: number): GrayImage {
  const mean = boxMean(image, radius);
  const away = Float32Array.from(image.data, (value, i) => Math.abs(value - (mean[i] ?? 0)));
  const deviation = boxMean({ ...image, data: away }, radius);
  let largest = 0;
  for (const value of deviation) if (value > largest) largest = value;
  const least = Math.max(2, largest / 10);
  const data = new Uint8Array(image.data.length);
  for (let i = 0; i < data.length; i++) {
    const value =
      128 +
      (85 * ((image.data[i] as number) - (mean[i] as number))) / Math.max(least, deviation[i] as number);
    data[i] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
  return { ...image, data };
}

/** Undoes part of a blur: adds `amount` times what a smoothing over `radius` takes away. */
export function sharpen(image: GrayImage, radius: number, amount: number): GrayImage {
  // Two boxes make a triangle, near enough to the bell of an unsharp lens.
  const soft = boxMean({ ...image, data: boxMean(image, radius) }, radius);
  const data = new Uint8Array(image.data.length);
  for (let i = 0; i < data.length; i++) {
    const value = image.data[i] as number;
    const sharp = value + amount * (value - (soft[i] as number));
    data[i] = sharp < 0 ? 0 : sharp > 255 ? 255 : sharp;
  }
  return { ...image, data };
}

/** Where a point of the turned picture lies in the picture it was made from; see `turn`. */
export function turnBack(image: GrayImage, degrees: number, scale: number, { x, y }: Point): Point {
  const { width, height, cos, sin } = turnedSize(image, degrees, scale);
  const dx = (x - width / 2) / scale;
  const dy = (y - height / 2) / scale;
  return { x: cos * dx - sin * dy + image.width / 2, y: sin * dx + cos * dy + image.height / 2 };
}

function turnedSize(image: GrayImage, degrees: number, scale: number) {
  const radians = (degrees * Math.PI) / 180;
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  const width = Math.ceil(scale * (image.width * Math.abs(cos) + image.height * Math.abs(sin)));
  const height = Math.ceil(scale * (image.width * Math.abs(sin) + image.height * Math.abs(cos)));
  return { width, height, cos, sin };
}

/**
 * The picture turned back by `degrees` (what ran in that direction runs to the right) and scaled, bilinear,
 * edges repeated.
 */
export function turn(image: GrayImage, degrees: number, scale: number): GrayImage {
  const { width, height, cos, sin } = turnedSize(image, degrees, scale);
  const data = new Uint8Array(width * height);
  const { width: w, height: h, data: source } = image;
  for (let y = 0, at = 0; y < height; y++) {
    const dy = (y + 0.5 - height / 2) / scale;
    for (let x = 0; x < width; x++, at++) {
      const dx = (x + 0.5 - width / 2) / scale;
      const sx = Math.min(w - 1.001, Math.max(0, cos * dx - sin * dy + w / 2 - 0.5));
      const sy = Math.min(h - 1.001, Math.max(0, sin * dx + cos * dy + h / 2 - 0.5));
      const x0 = sx | 0;
      const y0 = sy | 0;
      const i = y0 * w + x0;
      const fx = sx - x0;
      const top = (source[i] as number) * (1 - fx) + (source[i + 1] as number) * fx;
      const low = (source[i + w] as number) * (1 - fx) + (source[i + w + 1] as number) * fx;
      data[at] = top + (low - top) * (sy - y0) + 0.5;
    }
  }
  return { width, height, data };
}
