import { describe, expect, it } from 'vitest';
import type { WriteInputBarcodeFormat } from 'zxing-wasm/writer';
import { createRandom } from '../testing/damage.ts';
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

  it('is not taken when it would not end in time', async () => {
    const scene = { width: 480, height: 360, cellPx: 3, range: [30, 220], shade: 0.2, noise: 3 } as const;
    const frame = photograph(await renderCode('WP-2026-1124', 'Code128'), scene, createRandom(5));
    // Time stands still but for 10 ms each time somebody asks: the first look then seems to take 10 ms.
    const asked = (budget: number) => {
      let now = 0;
      const reader = createCodeReader({ secondLookMs: budget, clock: () => (now += 10) });
      return reader.read(frame).then((found) => ({ found: found.length, now }));
    };
    // Every second look asks once and costs 10 ms then: none fits into 15 ms, so the last question is the one that ends it.
    expect((await asked(15)).found).toBe(0);
    expect((await asked(15)).now).toBeLessThanOrEqual(40);
    expect((await asked(5000)).found).toBe(1);
  });
});
