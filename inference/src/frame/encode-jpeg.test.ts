import { expect, test } from 'vitest';
import { decodeImage } from './decode-image.ts';
import { encodeJpeg } from './encode-jpeg.ts';

test('a frame is the same picture as JPEG', async () => {
  const [width, height] = [48, 32];
  const data = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++) data.set(i % width < 24 ? [200, 40, 40] : [40, 40, 200], i * 3);
  const jpeg = await encodeJpeg({ width, height, data, capturedAt: 0 }, 90);
  const back = await decodeImage(jpeg);
  expect([back.width, back.height]).toEqual([width, height]);
  const at = (x: number) => [...back.data.subarray((16 * width + x) * 3, (16 * width + x) * 3 + 3)];
  for (const [x, wanted] of [
    [4, [200, 40, 40]],
    [44, [40, 40, 200]],
  ] as const)
    expect(at(x).every((value, channel) => Math.abs(value - (wanted[channel] ?? 0)) < 12)).toBe(true);
});
