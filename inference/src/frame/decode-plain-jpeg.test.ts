import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { samplePhoto } from '../testing/sample-photos.ts';
import { decodePlainJpeg } from './decode-plain-jpeg.ts';

const size = { width: 640, height: 480 };
const picture = async (options: object = {}) =>
  sharp(await samplePhoto(2))
    .resize(640, 480, { fit: 'cover' })
    .jpeg(options)
    .toBuffer();

describe('decodePlainJpeg', () => {
  it.each([
    ['with half the colours', {}],
    ['with all colours', { chromaSubsampling: '4:4:4' }],
    ['of low quality', { quality: 30 }],
  ])('gives what the general decoder gives for a picture %s, within its rounding', async (_what, options) => {
    const jpeg = await picture(options);
    const frame = await decodePlainJpeg(jpeg, size, 7);
    const general = await sharp(jpeg).raw().toBuffer();
    expect(frame).toMatchObject({ ...size, capturedAt: 7 });
    expect(frame!.data).toHaveLength(general.length);
    let sum = 0;
    for (const [i, value] of general.entries()) sum += Math.abs(value - frame!.data[i]!);
    expect(sum / general.length).toBeLessThan(2);
  });

  it('leaves a picture that ends early, and one of another size, to the general decoder', async () => {
    const jpeg = await picture();
    for (const part of [0.3, 0.7, 0.99])
      expect(await decodePlainJpeg(jpeg.subarray(0, Math.floor(jpeg.length * part)), size, 0)).toBeNull();
    expect(await decodePlainJpeg(jpeg, { width: 320, height: 240 }, 0)).toBeNull();
    expect(await decodePlainJpeg(jpeg, { width: 640, height: 481 }, 0)).toBeNull();
    expect(await decodePlainJpeg(Buffer.from('no picture'), size, 0)).toBeNull();
  });
});
