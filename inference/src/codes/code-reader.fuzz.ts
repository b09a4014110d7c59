import { createRandom } from '@watchpost/service/testing/damage';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type WriteInputBarcodeFormat, writeBarcode } from 'zxing-wasm/writer';
import type { Frame } from '../frame/frame.ts';
import { loadZxingWriter } from '../testing/zxing-writer.ts';
import { createCodeReader } from './code-reader.ts';

const runs = Number(process.env.WATCHPOST_FUZZ_RUNS ?? 100_000);
const texts: readonly (readonly [WriteInputBarcodeFormat, string])[] = [
  ['QRCode', 'WATCHPOST'],
  ['MicroQRCode', '12345'],
  ['DataMatrix', 'WATCHPOST'],
  ['Aztec', 'WATCHPOST'],
  ['PDF417', 'WP'],
  ['EAN8', '96385074'],
  ['Code128', 'WP1'],
];

/** Two pixels a cell and a margin: small enough for many, large enough to be read. */
async function smallCode(format: WriteInputBarcodeFormat, text: string): Promise<Frame> {
  const { image } = await writeBarcode(text, { format, scale: 2 });
  if (!image) throw new Error(`no ${format}`);
  const { data, info } = await sharp(Buffer.from(await image.arrayBuffer()))
    .flatten({ background: '#fff' })
    .resize({ height: 40, fit: 'cover', position: 'top', withoutEnlargement: true, kernel: 'nearest' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data), capturedAt: 0 };
}

/** Spots, stripes, noise and shifts of rows; nothing at all one time in eight. */
function spoil({ width, height, data }: Frame, random: () => number): Frame {
  const copy = Uint8Array.from(data);
  const at = (of: number) => Math.floor(random() * of);
  for (let left = at(8); left > 0; left--) {
    const value = random() < 0.5 ? 0 : at(256);
    const kind = at(4);
    if (kind === 0) copy.fill(value, at(copy.length), at(copy.length));
    else if (kind === 1) for (let k = at(60); k > 0; k--) copy[at(copy.length)] = at(256);
    else if (kind === 2) copy.copyWithin(at(copy.length), at(copy.length), at(copy.length));
    else
      for (let y = at(height), w = 1 + at(4); y < height; y += 1 + w)
        copy.fill(value, 3 * y * width, 3 * (y * width + at(width)));
  }
  return { width, height, data: copy, capturedAt: 0 };
}

describe(`${runs} damaged pictures of codes`, () => {
  it('give readings with finite corners or none, and hardly ever a wrong one', async () => {
    await loadZxingWriter();
    const random = createRandom(20_261_124);
    const codes = await Promise.all(
      texts.map(async ([format, text]) => ({ frame: await smallCode(format, text), text })),
    );
    // Every question to the clock is a millisecond: about four looks a picture.
    let now = 0;
    const reader = createCodeReader({ secondLookMs: 4, clock: () => now++ });
    let read = 0;
    const wrong: string[] = [];
    for (let i = 0; i < runs; i++) {
      const { frame, text } = codes[i % codes.length] as (typeof codes)[number];
      for (const found of await reader.read(spoil(frame, random))) {
        read++;
        if (found.text !== text) wrong.push(`${found.format} ${found.look} ${found.text}`);
        for (const { x, y } of found.position) if (!Number.isFinite(x + y)) expect(x + y).toBe('finite');
      }
    }
    process.stdout.write(
      `${read} readings of ${runs}, ${wrong.length} wrong\n${wrong.slice(0, 20).join('\n')}\n`,
    );
    expect(read).toBeGreaterThan(runs / 10);
    expect(wrong.length).toBeLessThan(runs / 1000);
  });
});
