import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { plainJpegSize } from './jpeg-header.ts';

const red = sharp({ create: { width: 30, height: 20, channels: 3, background: '#c81e1e' } });

describe('plainJpegSize', () => {
  it('reads the size of baseline pictures', async () => {
    expect(plainJpegSize(await red.clone().jpeg().toBuffer())).toEqual({ width: 30, height: 20 });
  });

  it('leaves progressive, gray, CMYK, EXIF, other formats and cut headers to the decoder', async () => {
    const plain = await red.clone().jpeg().toBuffer();
    const others = [
      await red.clone().jpeg({ progressive: true }).toBuffer(),
      await red.clone().toColourspace('b-w').jpeg().toBuffer(),
      await red.clone().toColourspace('cmyk').jpeg().toBuffer(),
      await red.clone().jpeg().withMetadata({ orientation: 6 }).toBuffer(),
      await red.clone().png().toBuffer(),
      plain.subarray(0, 100),
      Buffer.alloc(0),
    ];
    for (const bytes of others) expect(plainJpegSize(bytes)).toBeNull();
  });

  it('never throws, and never gives an empty size, whatever byte is damaged', async () => {
    const jpeg = await red.clone().jpeg().toBuffer();
    for (let at = 0; at < 200; at++) {
      const damaged = Buffer.from(jpeg);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      const size = plainJpegSize(damaged);
      if (size) expect(Math.min(size.width, size.height)).toBeGreaterThan(0);
    }
  });
});
