import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from './decode-image.ts';

const red = { create: { width: 6, height: 4, channels: 3, background: '#c81e1e' } } as const;
const first = (data: Uint8Array) => [...data.subarray(0, 3)];

describe('decodeImage', () => {
  it('gives RGB, row-major', async () => {
    const frame = await decodeImage(await sharp(red).png().toBuffer(), { capturedAt: 7 });
    expect(frame).toMatchObject({ width: 6, height: 4, capturedAt: 7 });
    expect(frame.data).toHaveLength(72);
    expect(first(frame.data)).toEqual([200, 30, 30]);
  });

  it('turns gray, 16-bit, alpha and CMYK into RGB24', async () => {
    const gray = await sharp(red).grayscale().png().toBuffer();
    const deep = await sharp(red).toColourspace('rgb16').png().toBuffer();
    const clear = await sharp({
      create: { width: 6, height: 4, channels: 4, background: { r: 200, g: 30, b: 30, alpha: 0.5 } },
    })
      .png()
      .toBuffer();
    const print = await sharp(red).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    const frames = await Promise.all([gray, deep, clear, print].map((bytes) => decodeImage(bytes)));
    for (const frame of frames) expect(frame.data).toHaveLength(72);
    const [a, b, c, d] = frames.map((frame) => first(frame.data));
    expect(new Set(a).size).toBe(1);
    expect(b).toEqual([200, 30, 30]);
    expect(c![0]).toBeGreaterThan(90);
    expect(c![0]).toBeLessThan(110);
    expect(d![0]! - d![1]!).toBeGreaterThan(80);
  });

  it('turns the picture as EXIF says', async () => {
    const bytes = await sharp(red).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect(await decodeImage(bytes)).toMatchObject({ width: 4, height: 6 });
  });

  it('refuses what is no picture or ends early', async () => {
    const jpeg = await sharp({ create: { width: 300, height: 300, channels: 3, background: '#777' } })
      .jpeg()
      .toBuffer();
    for (const bytes of [
      new Uint8Array(0),
      Buffer.from('no picture'),
      jpeg.subarray(0, jpeg.length / 2),
      jpeg.subarray(0, 30),
    ]) {
      await expect(decodeImage(bytes)).rejects.toMatchObject({ code: 'inference.image_unreadable' });
    }
  });

  it('refuses large plain JPEGs by their header', async () => {
    const jpeg = await sharp(red).jpeg().toBuffer();
    expect(await decodeImage(jpeg, { maxPixels: 24 })).toMatchObject({ width: 6, height: 4 });
    await expect(decodeImage(jpeg, { maxPixels: 23 })).rejects.toMatchObject({
      code: 'inference.image_too_large',
    });
    const frameHeader = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    jpeg.writeUInt16BE(65_000, frameHeader + 5);
    await expect(decodeImage(jpeg)).rejects.toMatchObject({
      code: 'inference.image_too_large',
      details: { width: 6, height: 65_000 },
    });
  });

  it('refuses bombs by their header', async () => {
    const large = await sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: '#000' } })
      .png({ compressionLevel: 9 })
      .toBuffer();
    const sliver = await sharp({ create: { width: 1, height: 65_000, channels: 3, background: '#000' } })
      .png()
      .toBuffer();
    for (const bytes of [large, sliver]) {
      await expect(decodeImage(bytes)).rejects.toMatchObject({ code: 'inference.image_too_large' });
    }
    await expect(decodeImage(new Uint8Array(100), { maxBytes: 99 })).rejects.toMatchObject({
      code: 'inference.image_too_large',
    });
  });
});
