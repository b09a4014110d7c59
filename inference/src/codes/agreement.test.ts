import { createRandom } from '@watchpost/service/testing/damage';
import { beforeAll, describe, expect, it } from 'vitest';
import { photograph, renderCode } from '../testing/hard-pictures.ts';
import { Agreement } from './agreement.ts';
import { toGray } from './gray-image.ts';
import type { CodeReading } from './reading.ts';
import { formatList, type GrayImage, type Look, loadZxing, readGray, type ZxingModule } from './zxing.ts';

const how: Look = {
  formats: formatList(['EAN13', 'QRCode']) ?? '',
  maxCodes: 8,
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  tryDownscale: true,
  tryDenoise: false,
  binarizer: 'LocalAverage',
};
let module: ZxingModule;
let image: GrayImage;
let reading: CodeReading;

beforeAll(async () => {
  module = await loadZxing();
  const scene = { width: 480, height: 360, cellPx: 3, turn: 20, noise: 3 };
  image = toGray(photograph(await renderCode('4006381333931', 'EAN13'), scene, createRandom(3)));
  reading = readGray(module, image, how, 0)[0]!;
});

describe('Agreement', () => {
  it('confirms what a second look at the code says too', () => {
    expect(reading.text).toBe('4006381333931');
    expect(new Agreement().accepts(reading, module, image, how)).toBe(true);
  });

  it('refuses bars that only one look has seen', () => {
    const misread = { ...reading, text: '4006381333924', bytes: Buffer.from('4006381333924') };
    const agreement = new Agreement();
    expect(agreement.accepts(misread, module, image, how)).toBe(false);
    expect(agreement.accepts(misread, module, image, how)).toBe(false);
    expect(agreement.accepts({ ...misread, look: 4 }, module, image, how)).toBe(true);
  });

  it('takes strongly protected codes at their word', () => {
    const square = { ...reading, format: 'QRCode', bytes: Buffer.from('anything') };
    expect(new Agreement().accepts(square, module, image, how)).toBe(true);
  });
});
