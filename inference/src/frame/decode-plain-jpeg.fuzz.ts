import { createRandom, damage } from '@watchpost/service/testing/damage';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { decodePlainJpeg } from './decode-plain-jpeg.ts';
import { plainJpegSize } from './jpeg-header.ts';

const runs = Number(process.env.WATCHPOST_FUZZ_RUNS ?? 100_000);
const random = createRandom(20_261_126);
const noise = (width: number, height: number) =>
  sharp(Buffer.from(Array.from({ length: width * height * 3 }, () => random() * 256)), {
    raw: { width, height, channels: 3 },
  });

it(`${runs} damaged plain JPEGs are a whole frame or none`, async () => {
  const seeds = [
    await noise(24, 16).jpeg().toBuffer(),
    await noise(17, 33).jpeg({ chromaSubsampling: '4:4:4', quality: 95 }).toBuffer(),
    await noise(64, 40).jpeg({ quality: 20 }).toBuffer(),
  ];
  let [plain, frames] = [0, 0];
  for (let i = 0; i < runs; i++) {
    const input = damage(seeds[i % seeds.length] ?? new Uint8Array(), random);
    const size = plainJpegSize(input);
    if (!size || size.width * size.height > 1e6) continue;
    plain++;
    const frame = await decodePlainJpeg(input, size, 0);
    if (!frame) continue;
    frames++;
    if (frame.data.length !== size.width * size.height * 3)
      expect(frame.data.length).toBe('width × height × 3');
  }
  expect(plain).toBeGreaterThan(runs / 10);
  expect(frames).toBeGreaterThan(0);
  expect(frames).toBeLessThan(plain);
});
