import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeBarcode } from 'zxing-wasm/writer';
import { decodeImage } from '../frame/decode-image.ts';
import { loadZxingWriter } from '../testing/zxing-writer.ts';
import { type Bend, bend, unbend } from './bend.ts';
import { createCodeReader } from './code-reader.ts';
import { toGray } from './gray-image.ts';
import type { GrayImage } from './zxing.ts';

const text = 'a bent code on cloth, long enough for a larger symbol with an alignment pattern 0123456789';
let flat: GrayImage;

beforeAll(async () => {
  await loadZxingWriter();
  const { image } = await writeBarcode(text, { format: 'QRCode', scale: 4 });
  const margin = { top: 30, bottom: 30, left: 30, right: 30, background: '#fff' };
  const png = await sharp(Buffer.from(await image!.arrayBuffer()))
    .extend(margin)
    .png()
    .toBuffer();
  flat = toGray(await decodeImage(png));
});

const bends: Bend[] = [
  { kind: 'bow', axis: 'x', amount: 0.09 },
  { kind: 'bow', axis: 'y', amount: -0.09 },
  { kind: 'squeeze', axis: 'x', amount: 0.09 },
  { kind: 'squeeze', axis: 'y', amount: -0.09 },
];

describe('bent codes', () => {
  it.each(bends)('are read by a second look and found in their place: $kind $axis', async (how) => {
    const bent = bend(flat, how, 1);
    const data = Uint8Array.from(
      { length: bent.data.length * 3 },
      (_, i) => bent.data[Math.floor(i / 3)] ?? 0,
    );
    const frame = { width: bent.width, height: bent.height, data, capturedAt: 0 };
    expect(await createCodeReader({ secondLookMs: 0 }).read(frame)).toEqual([]);
    const [found] = await createCodeReader({ secondLookMs: 10_000 }).read(frame);
    expect(found).toMatchObject({ text });
    for (const [i, corner] of found!.position.entries()) {
      const truth = [
        [47, 47],
        [195, 47],
        [195, 195],
        [47, 195],
      ][i]!;
      const back = unbend(how, corner, bent, 1);
      expect(Math.hypot(back.x - truth[0]!, back.y - truth[1]!)).toBeLessThan(6);
    }
  });

  it('without an amount are the picture itself', () => {
    const same = bend(flat, { kind: 'bow', axis: 'x', amount: 0 }, 1);
    const differing = same.data.filter((value, i) => Math.abs(value - (flat.data[i] ?? 0)) > 160).length;
    expect(differing).toBeLessThan(flat.data.length / 50);
    const how: Bend = { kind: 'squeeze', axis: 'y', amount: 0.05 };
    expect(unbend(how, { x: 10, y: 20 }, flat, 1)).not.toEqual({ x: 10, y: 20 });
  });
});
