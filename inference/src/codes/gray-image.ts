import type { Frame } from '../frame/frame.ts';
import type { GrayImage } from './zxing.ts';

/** Luma (BT.601) of a frame. */
export function toGray({ width, height, data }: Frame): GrayImage {
  const gray = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < gray.length; i++, at += 3) {
    gray[i] =
      (306 * (data[at] as number) + 601 * (data[at + 1] as number) + 117 * (data[at + 2] as number) + 512) >>
      10;
  }
  return { width, height, data: gray };
}

/** Mean of squares of `factor` × `factor` pixels. */
export function shrink(image: GrayImage, factor: number): GrayImage {
  const width = Math.floor(image.width / factor);
  const height = Math.floor(image.height / factor);
  const data = new Uint8Array(width * height);
  const area = factor * factor;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let j = 0; j < factor; j++) {
        const row = (y * factor + j) * image.width + x * factor;
        for (let i = 0; i < factor; i++) sum += image.data[row + i] as number;
      }
      data[y * width + x] = sum / area;
    }
  }
  return { width, height, data };
}

/** Bilinear enlargement by two. */
export function enlarge(image: GrayImage): GrayImage {
  const width = image.width * 2;
  const height = image.height * 2;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const sy = Math.min(image.height - 1, Math.max(0, y / 2 - 0.25));
    const y0 = Math.floor(sy);
    const y1 = Math.min(image.height - 1, y0 + 1);
    const fy = sy - y0;
    for (let x = 0; x < width; x++) {
      const sx = Math.min(image.width - 1, Math.max(0, x / 2 - 0.25));
      const x0 = Math.floor(sx);
      const x1 = Math.min(image.width - 1, x0 + 1);
      const fx = sx - x0;
      const top = mix(image.data[y0 * image.width + x0], image.data[y0 * image.width + x1], fx);
      const low = mix(image.data[y1 * image.width + x0], image.data[y1 * image.width + x1], fx);
      data[y * width + x] = top + (low - top) * fy + 0.5;
    }
  }
  return { width, height, data };
}

function mix(a = 0, b = 0, share: number): number {
  return a + (b - a) * share;
}

/** Spreads the gray values between the 1st and the 99th percentile over 0 … 255. */
export function stretchContrast(image: GrayImage): GrayImage {
  const counts = new Uint32Array(256);
  for (const value of image.data) counts[value] = (counts[value] ?? 0) + 1;
  const cut = image.data.length / 100;
  let low = 0;
  for (let sum = counts[0] ?? 0; low < 254 && sum < cut; sum += counts[low] ?? 0) low++;
  let high = 255;
  for (let sum = counts[255] ?? 0; high > low + 1 && sum < cut; sum += counts[high] ?? 0) high--;
  const factor = 255 / (high - low);
  return { ...image, data: image.data.map((value) => Math.min(255, Math.max(0, (value - low) * factor))) };
}
