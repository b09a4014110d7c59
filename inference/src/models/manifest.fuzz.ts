import { readFile } from 'node:fs/promises';
import { createRandom, damage } from '@watchpost/service/testing/damage';
import { describe, expect, it } from 'vitest';
import { plainJpegSize } from '../frame/jpeg-header.ts';
import { parseManifest } from './open-session.ts';

const runs = Number(process.env.WATCHPOST_FUZZ_RUNS ?? 100_000);
const random = createRandom(20_261_125);

describe(`${runs} damaged manifests`, () => {
  it('are a manifest or a coded error', async () => {
    const bytes = await readFile(new URL('../../models/yunet-s.json', import.meta.url));
    let refused = 0;
    for (let i = 0; i < runs; i++) {
      try {
        parseManifest(Buffer.from(damage(bytes, random)).toString(), 'damaged');
      } catch (error) {
        if (!(error instanceof Error) || !('code' in error) || error.code !== 'config.invalid') throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(runs / 2);
    expect(refused).toBeLessThan(runs);
  });
});

describe(`${runs} damaged JPEG headers`, () => {
  it('give a size or none', () => {
    // Start of image, one frame header of three components, start of scan.
    const header = Uint8Array.of(
      ...[0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0, 4, 0, 6, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1],
      ...[0xff, 0xda, 0, 12, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0],
    );
    let sizes = 0;
    for (let i = 0; i < runs; i++) {
      const size = plainJpegSize(damage(header, random));
      if (!size) continue;
      sizes++;
      if (!(size.width > 0 && size.height > 0)) expect(size).toBe('positive');
    }
    expect(sizes).toBeGreaterThan(0);
    expect(sizes).toBeLessThan(runs);
  });
});
