import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { writeBarcode } from 'zxing-wasm/writer';
import { decodeImage } from '../frame/decode-image.ts';
import type { Frame } from '../frame/frame.ts';
import { loadZxingWriter } from '../testing/zxing-writer.ts';
import { createCodeReader } from './code-reader.ts';
import { routePayload } from './route-payload.ts';

const reader = createCodeReader();

async function picture(
  text: string,
  format: 'QRCode' | 'DataMatrix' | 'Code128' | 'Aztec' | 'PDF417' | 'EAN13' = 'QRCode',
): Promise<Buffer> {
  await loadZxingWriter();
  const { image } = await writeBarcode(text, { format, scale: 4 });
  return Buffer.from(await image!.arrayBuffer());
}
const frameOf = async (image: Sharp): Promise<Frame> => decodeImage(await image.png().toBuffer());

describe('createCodeReader', () => {
  it.each(['QRCode', 'DataMatrix', 'Code128', 'Aztec', 'PDF417'] as const)(
    'reads back %s',
    async (format) => {
      const found = await reader.read(
        await frameOf(
          sharp(await picture('Watchpost 12345', format)).extend({
            top: 20,
            bottom: 20,
            left: 20,
            right: 20,
            background: '#fff',
          }),
        ),
      );
      expect(found).toMatchObject([{ text: 'Watchpost 12345', look: 0 }]);
    },
  );

  /** “WATCHPOST VISIT 1” as a QR code that calls itself the second of one, as a wrong encoder does. */
  const pieceOfUnknown = `
    #######.#.#.#..##.#######
    #.....#.#..####.#.#.....#
    #.###.#..#..##....#.###.#
    #.###.#.#.#....##.#.###.#
    #.###.#...#.#.#...#.###.#
    #.....#..#.##..##.#.....#
    #######.#.#.#.#.#.#######
    ........###.....#........
    #.##.###.#...#....#..#.##
    #...#..######.#..#.##..##
    .#...##..####.#.#...##.#.
    ######..#.####...#...###.
    .#....#.#.##...##.#...#.#
    .##.##..####.##...#.##.#.
    .###.####.#.#.####....##.
    #...#...#...##.#####.#.##
    ..#...#.####....######...
    ........###.##..#...###..
    #######.#####...#.#.#...#
    #.....#.#.#.#..##...##.#.
    #.###.#..#.###..#####.#..
    #.###.#.#...###..##....##
    #.###.#.#.####.#.#.....#.
    #.....#..#......#..#..###
    #######.#...#.##...#..#.#`;

  it('takes a piece for a piece where the code does not say of how many', async () => {
    const rows = pieceOfUnknown.trim().split(/\s+/);
    const [cell, quiet] = [4, 4];
    const side = (rows.length + 2 * quiet) * cell;
    const data = new Uint8Array(side * side).fill(255);
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++)
        if (rows[Math.floor(y / cell) - quiet]?.[Math.floor(x / cell) - quiet] === '#')
          data[y * side + x] = 0;
    expect(await reader.readGray({ width: side, height: side, data })).toMatchObject([
      { text: 'WATCHPOST VISIT 1', partOf: 0 },
    ]);
  });

  it('reads back Chinese text and says where the code is', async () => {
    const code = await picture('访客通行 №7');
    const { width = 0 } = await sharp(code).metadata();
    const canvas = sharp({ create: { width: 800, height: 600, channels: 3, background: '#ddd' } });
    const [found] = await reader.read(
      await frameOf(canvas.composite([{ input: code, left: 500, top: 300 }])),
    );
    expect(found!.text).toBe('访客通行 №7');
    for (const { x, y } of found!.position) {
      expect(x).toBeGreaterThanOrEqual(500);
      expect(x).toBeLessThanOrEqual(500 + width);
      expect(y).toBeGreaterThanOrEqual(300);
      expect(y).toBeLessThanOrEqual(300 + width);
    }
  });

  it('takes a second look at a small blurred code, and gives its place in the frame', async () => {
    await loadZxingWriter();
    const { image } = await writeBarcode('second look 123456', { format: 'QRCode', scale: 2 });
    const frame = await frameOf(sharp(Buffer.from(await image!.arrayBuffer())).blur(1));
    const [found] = await createCodeReader({ secondLookMs: 10_000 }).read(frame);
    expect(found).toMatchObject({ text: 'second look 123456' });
    expect(found!.look).toBeGreaterThan(0);
    const [, , lowerRight] = found!.position;
    expect(Math.abs(lowerRight.x - 50)).toBeLessThan(2);
    expect(Math.abs(lowerRight.y - 50)).toBeLessThan(2);
    expect(await createCodeReader({ secondLookMs: 0 }).read(frame)).toEqual([]);
  });

  it('writes GS1 element strings with brackets', async () => {
    await loadZxingWriter();
    const text = '(01)09506000134352(17)270101(10)AB';
    const { image } = await writeBarcode(text, { format: 'DataMatrix', scale: 5, options: 'gs1' });
    const margin = { top: 20, left: 20, right: 20, bottom: 20, background: '#fff' };
    const [found] = await reader.read(
      await frameOf(sharp(Buffer.from(await image!.arrayBuffer())).extend(margin)),
    );
    expect(found!.text).toBe(text);
    expect(routePayload(found!.text)).toMatchObject({ kind: 'gs1', elements: { '10': 'AB' } });
  });

  it('reads several codes of one frame', async () => {
    const inputs = await Promise.all(['one', 'two', 'three'].map((text) => picture(text)));
    const canvas = sharp({ create: { width: 900, height: 400, channels: 3, background: '#fff' } });
    const frame = await frameOf(
      canvas.composite(inputs.map((input, i) => ({ input, left: 50 + 280 * i, top: 100 }))),
    );
    expect((await reader.read(frame)).map(({ text }) => text).sort()).toEqual(['one', 'three', 'two']);
  });

  it('finds nothing in noise, darkness and slivers', async () => {
    const noise = {
      width: 300,
      height: 300,
      capturedAt: 0,
      data: Uint8Array.from({ length: 270_000 }, (_, i) => (i * i * 31) % 251),
    };
    expect(await reader.read(noise)).toEqual([]);
    expect(await reader.read({ ...noise, data: new Uint8Array(270_000) })).toEqual([]);
    expect(
      await reader.read({ width: 1, height: 90_000, capturedAt: 0, data: new Uint8Array(270_000) }),
    ).toEqual([]);
  });

  it('refuses unknown format names', () => {
    expect(() => createCodeReader({ formats: ['Runes'] })).toThrow(
      expect.objectContaining({ code: 'config.invalid' }),
    );
  });
});
