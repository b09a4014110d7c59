import type { Frame } from './frame.ts';
import type { Affine, PixelCoding } from './sampling.ts';

/** Whether the map halves the whole frame, pixel by pixel, and the frame's rows are whole 32-bit words. */
export function isHalving({ width, height, data }: Frame, map: Affine, w: number, h: number): boolean {
  const exact = map.a === 2 && map.c === 0.5 && map.e === 2 && map.f === 0.5;
  const twice = width === 2 * w && height === 2 * h;
  return exact && twice && width % 4 === 0 && data.byteOffset % 4 === 0;
}

const pair = 0x00ff00ff;

/**
 * Mean of 2 × 2 pixels into planes: a camera frame of twice the detector's size. Four bytes are read at a
 * time and every other byte is added in one word (a sum of four bytes needs ten of its sixteen bits); the
 * model's number for each of the 1,021 sums stands in a table.
 */
export function halve({ data, width, height }: Frame, coding: PixelCoding, target: Float32Array): void {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length >> 2);
  const offset = -coding.mean * coding.scale;
  const coded = new Float32Array(4 * 255 + 1);
  for (let sum = 0; sum < coded.length; sum++) coded[sum] = sum * (coding.scale / 4) + offset;
  const plane = (width * height) / 4;
  const red = coding.colour === 'RGB' ? 0 : 2 * plane;
  const blue = 2 * plane - red;
  const rowWords = (width * 3) / 4;
  let at = 0;
  for (let y = 0; y < height; y += 2) {
    let i = y * rowWords;
    let j = i + rowWords;
    // Three words of each row are four pixels, R G B R | G B R G | B R G B (little-endian, as all machines of
    // Node.js but one are).
    for (const end = j; i < end; i += 3, j += 3, at += 2) {
      const a = words[i] as number;
      const b = words[i + 1] as number;
      const c = words[i + 2] as number;
      const d = words[j] as number;
      const e = words[j + 1] as number;
      const f = words[j + 2] as number;
      const rb = (a & pair) + (d & pair);
      const gr = ((a >>> 8) & pair) + ((d >>> 8) & pair);
      const gr2 = (b & pair) + (e & pair);
      const bg = ((b >>> 8) & pair) + ((e >>> 8) & pair);
      const bg2 = (c & pair) + (f & pair);
      const rb2 = ((c >>> 8) & pair) + ((f >>> 8) & pair);
      target[red + at] = coded[(rb & 0xffff) + (gr >>> 16)] as number;
      target[plane + at] = coded[(gr & 0xffff) + (gr2 & 0xffff)] as number;
      target[blue + at] = coded[(rb >>> 16) + (bg & 0xffff)] as number;
      target[red + at + 1] = coded[(gr2 >>> 16) + (rb2 & 0xffff)] as number;
      target[plane + at + 1] = coded[(bg >>> 16) + (bg2 >>> 16)] as number;
      target[blue + at + 1] = coded[(bg2 & 0xffff) + (rb2 >>> 16)] as number;
    }
  }
}
