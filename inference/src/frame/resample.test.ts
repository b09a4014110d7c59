import { describe, expect, it } from 'vitest';
import { resample, stretch } from './resample.ts';
import type { Affine } from './sampling.ts';

const width = 64;
const height = 48;
const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7919 + (i >> 3) * 31) & 255);
const frame = { width, height, data, capturedAt: 0 };

/** One channel as a gray picture, which takes the general way. */
function plane(map: Affine, w: number, h: number, channel: number): Float32Array {
  const gray = Uint8Array.from(data, (_, i) => data[i - (i % 3) + channel] as number);
  const target = new Float32Array(w * h);
  resample({ ...frame, data: gray }, map, w, h, { colour: 'GRAY', mean: 0, scale: 1 }, target);
  return target;
}

describe('resample', () => {
  it.each<[string, Affine, number, number]>([
    ['half', stretch({ x: 0, y: 0, width, height }, 32, 24), 32, 24],
    ['a quarter', stretch({ x: 3, y: 2, width: 40, height: 40 }, 10, 10), 10, 10],
    ['a third, over the edge', stretch({ x: -9, y: 20, width: 30, height: 40 }, 10, 13), 10, 13],
    ['turned, smaller', { a: 1.4, b: -1.4, c: 30, d: 1.4, e: 1.4, f: 1 }, 12, 12],
    ['turned, larger', { a: 0.6, b: 0.1, c: 4, d: -0.1, e: 0.6, f: 6 }, 40, 30],
    ['over the edge', { a: 1.4, b: -1.4, c: 5, d: 1.4, e: 1.4, f: -3 }, 12, 12],
  ])('draws %s as plane by plane', (_name, map, w, h) => {
    for (const colour of ['RGB', 'BGR'] as const) {
      const target = new Float32Array(3 * w * h);
      resample(frame, map, w, h, { colour, mean: 0, scale: 1 }, target);
      for (const channel of [0, 1, 2]) {
        const at = colour === 'RGB' ? channel : 2 - channel;
        const drawn = target.subarray(at * w * h, (at + 1) * w * h);
        const expected = plane(map, w, h, channel);
        for (const [i, value] of drawn.entries()) expect(value).toBeCloseTo(expected[i] as number, 3);
      }
    }
  });
});
