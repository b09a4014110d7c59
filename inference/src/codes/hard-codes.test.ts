import { createRandom } from '@watchpost/service/testing/damage';
import { describe, expect, it } from 'vitest';
import type { WriteInputBarcodeFormat } from 'zxing-wasm/writer';
import { photograph, renderCode, type Scene } from '../testing/hard-pictures.ts';
import { createCodeReader } from './code-reader.ts';

/** Without a budget: what can be read is a question of the looks, not of the machine. */
const thorough = createCodeReader({ secondLookMs: 1e6 });
const quick = createCodeReader({ secondLookMs: 0 });

const codes = [
  ['QRCode', 'WATCHPOST VISIT 0123456789'],
  ['MicroQRCode', '20261124'],
  ['DataMatrix', 'WATCHPOST VISIT 0123456789'],
  ['Aztec', 'WATCHPOST VISIT 0123456789'],
  ['PDF417', 'WATCHPOST VISIT 0123456789'],
  ['EAN13', '4006381333931'],
  ['EAN8', '96385074'],
  ['UPCA', '036000291452'],
  ['Code128', 'WP-2026-1124'],
] as const;

async function read(format: WriteInputBarcodeFormat, text: string, scene: Scene, seed = 11) {
  const frame = photograph(await renderCode(text, format), scene, createRandom(seed));
  return { first: await quick.read(frame), found: await thorough.read(frame) };
}
/** UPC-A is an EAN-13 that begins with 0. */
const textsOf = (found: readonly { readonly text: string }[]) =>
  found.map(({ text }) => text.replace(/^0(?=\d{12}$)/, ''));

describe.each(codes)('%s', (format, text) => {
  const wanted = [text.replace(/^0(?=\d{12}$)/, '')];

  it('is read upright at first look', async () => {
    const { first } = await read(format, text, { width: 480, height: 360, cellPx: 3 });
    expect(textsOf(first)).toEqual(wanted);
  });

  it('is read turned and noisy, and found in its place', async () => {
    const scene = { width: 480, height: 480, cellPx: 3, turn: 33, noise: 5, clutter: 8 };
    const { found } = await read(format, text, scene);
    expect(textsOf(found)).toEqual(wanted);
    for (const { x, y } of found[0]!.position) expect(Math.hypot(x - 240, y - 240)).toBeLessThan(260);
    const [a, b] = found[0]!.position;
    const degrees = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
    // Of a code of one row the corners are those of the rows that were read.
    if (/^(EAN|UPC|Code)/.test(format)) return;
    expect(Math.abs(Math.sin(((degrees - 33) * Math.PI) / 180))).toBeLessThan(0.15);
  });

  it('is read in poor light with a shadow across it', async () => {
    const scene = {
      width: 480,
      height: 360,
      cellPx: 3,
      range: [15, 120] as const,
      shade: 0.35,
      noise: 2,
      turn: 4,
    };
    expect(textsOf((await read(format, text, scene)).found)).toEqual(wanted);
  });

  it('is read tilted', async () => {
    const scene = { width: 560, height: 420, cellPx: 3.5, tilt: 0.45, turn: -8, noise: 3 };
    expect(textsOf((await read(format, text, scene)).found)).toEqual(wanted);
  });
});

describe('a second look', () => {
  it.each<[string, WriteInputBarcodeFormat, string, Scene, number]>([
    [
      'turns',
      'PDF417',
      'WATCHPOST VISIT 0123456789',
      { width: 640, height: 640, cellPx: 3, turn: 41, noise: 3 },
      5,
    ],
    [
      'evens out',
      'Code128',
      'WP-2026-1124',
      { width: 480, height: 360, cellPx: 3, range: [30, 220], shade: 0.2, noise: 3 },
      5,
    ],
    ['sharpens', 'Code128', 'WP-2026-1124', { width: 480, height: 360, cellPx: 3, blur: 1.8 }, 5],
    [
      'looks at parts of a large frame',
      'Aztec',
      'WATCHPOST VISIT 0123456789',
      { width: 1920, height: 1080, cellPx: 2, turn: 12, noise: 5, clutter: 20, blur: 0.6, range: [40, 160] },
      1,
    ],
  ])('%s', async (_what, format, text, scene, seed) => {
    const { first, found } = await read(format, text, scene, seed);
    expect(first).toEqual([]);
    expect(textsOf(found)).toEqual([text]);
    expect(found[0]!.look).toBeGreaterThan(0);
  });

  it('finds a hard code beside an easy one when told to look on', async () => {
    const easy = photograph(
      await renderCode('easy', 'QRCode'),
      { width: 400, height: 400, cellPx: 4 },
      createRandom(1),
    );
    const hard = photograph(
      await renderCode('WATCHPOST VISIT 0123456789', 'PDF417'),
      { width: 600, height: 400, cellPx: 2, turn: 41, noise: 3 },
      createRandom(5),
    );
    const width = easy.width + hard.width;
    const data = new Uint8Array(3 * width * easy.height);
    for (let y = 0; y < easy.height; y++) {
      data.set(easy.data.subarray(3 * y * easy.width, 3 * (y + 1) * easy.width), 3 * y * width);
      const from = 3 * y * hard.width;
      data.set(hard.data.subarray(from, from + 3 * hard.width), 3 * (y * width + easy.width));
    }
    const frame = { width, height: easy.height, data, capturedAt: 0 };
    expect(textsOf(await thorough.read(frame))).toEqual(['easy']);
    const both = await createCodeReader({ secondLookMs: 1e6, several: true }).read(frame);
    expect(textsOf(both).sort()).toEqual(['WATCHPOST VISIT 0123456789', 'easy']);
    const corner = both.find(({ format }) => format === 'PDF417')!.position[0];
    expect(corner.x).toBeGreaterThan(easy.width);
  });

  it('is not taken when it would not end in time', async () => {
    const scene = { width: 480, height: 360, cellPx: 3, range: [30, 220], shade: 0.2, noise: 3 } as const;
    const frame = photograph(await renderCode('WP-2026-1124', 'Code128'), scene, createRandom(5));
    // A clock on which the first look takes 10 ms and everything after it nothing.
    const readsWithin = async (budget: number) => {
      let asked = 0;
      const reader = createCodeReader({ secondLookMs: budget, clock: () => (asked++ === 0 ? 0 : 10) });
      return (await reader.read(frame)).length;
    };
    // By that pace the look that would read this code takes more than 5 ms.
    expect(await readsWithin(15)).toBe(0);
    expect(await readsWithin(500)).toBe(1);
  });
});
