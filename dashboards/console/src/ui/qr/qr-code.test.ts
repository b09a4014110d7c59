import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { qrCode } from './qr-code.ts';

beforeAll(async () => {
  // From the package: it would fetch it from the network else.
  const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  await prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer }, fireImmediately: true });
});

/** What a reader of codes sees in it, four pixels a module, with the quiet zone round it. */
async function read(text: string): Promise<string[]> {
  const code = qrCode(text);
  const [quiet, scale] = [4, 4];
  const side = (code.size + quiet * 2) * scale;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1)
      if (code.isDark(Math.floor(x / scale) - quiet, Math.floor(y / scale) - quiet))
        data.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
  const picture = { data, width: side, height: side, colorSpace: 'srgb' } as unknown as ImageData;
  const found = await readBarcodes(picture, { formats: ['QRCode'] });
  return found.map((one) => one.text);
}

describe('a QR code', () => {
  it.each([1, 14, 15, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666])(
    'of %i bytes says what it was made of',
    async (length) => {
      const text = Array.from(
        { length },
        (_, index) => 'otpauth://totp/Watchpost:ana?secret='[index % 37] ?? '7',
      ).join('');
      expect(await read(text)).toEqual([text]);
    },
  );

  it.each([1, 2, 61, 300, 483, 970])(
    'of %i characters as passes have says what it was made of',
    async (length) => {
      const text = Array.from({ length }, (_, index) => 'WP1:6BF+70 $%*-./R9'[index % 19] ?? 'Z').join('');
      expect(await read(text)).toEqual([text]);
      // Less than two thirds of a byte each.
      if (length === 300) expect(qrCode(text).size).toBeLessThan(qrCode('x'.repeat(280)).size);
    },
  );

  it('of a name in Chinese says it', async () => {
    const uri = `otpauth://totp/Watchpost:${encodeURIComponent('值班员')}?secret=JBSWY3DPEHPK3PXP&issuer=Watchpost`;
    expect(await read(uri)).toEqual([uri]);
  });

  it('of more than it holds is refused', () => {
    expect(() => qrCode('x'.repeat(667))).toThrow(RangeError);
  });
});
