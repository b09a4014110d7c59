import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeBarcode } from 'zxing-wasm/writer';
import { loadZxingWriter } from '../testing/zxing-writer.ts';
import { isTrue, listPictures, tally } from './code-set.ts';
import { evaluateCodes } from './evaluate-codes.ts';
import { parseZbarXml } from './zbar.ts';

let dir: string;
let path: string | undefined;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'watchpost-codes-'));
  path = process.env.PATH;
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(dir, { recursive: true });
});

const reading = (text: string) => ({ text, bytes: Buffer.from(text) });

describe('code sets', () => {
  it('know what is in a picture by the file beside it', async () => {
    mkdirSync(join(dir, 'falsepositives-1'));
    for (const file of ['a.png', 'b.png', 'c.JPG', 'd.png', 'falsepositives-1/e.png'])
      writeFileSync(join(dir, file), '');
    writeFileSync(join(dir, 'a.txt'), 'truth');
    writeFileSync(join(dir, 'b.bin'), Buffer.of(1, 2));
    writeFileSync(join(dir, 'd.txt'), '');
    const pictures = await listPictures(dir);
    expect(pictures.map(({ file, shows }) => [file, shows])).toEqual([
      ['a.png', 'one'],
      ['b.png', 'one'],
      ['c.JPG', 'unknown'],
      ['d.png', 'none'],
      ['falsepositives-1/e.png', 'none'],
    ]);
    const found = [
      [reading('truth'), reading('other')],
      [reading('x'), reading('y')],
      [reading('z')],
      [reading('w')],
      [],
    ];
    expect(tally(pictures, found)).toEqual({ decoded: 2, exact: 1, falseReadings: 3, others: 1, several: 1 });
  });

  it('compare texts without their line ends, and bytes as they are', () => {
    expect(isTrue(reading('a\r\nb '), Buffer.from('a\nb'))).toBe(true);
    expect(isTrue(reading('a b'), Buffer.from('a\nb'))).toBe(false);
    expect(isTrue({ text: '?', bytes: Buffer.of(255, 0) }, Buffer.of(255, 0))).toBe(true);
    const guess = { text: '\ufffd', bytes: Buffer.from('b2e2cad4', 'hex') };
    expect(isTrue(guess, Buffer.from('测试'))).toBe(false);
    expect(isTrue({ ...guess, guessed: true }, Buffer.from('测试'))).toBe(true);
  });
});

describe('evaluateCodes', () => {
  it('counts, compares, draws, and says what it could not compare with', async () => {
    await loadZxingWriter();
    const { image } = await writeBarcode('in the picture', { format: 'QRCode', scale: 4 });
    const png = Buffer.from(await image!.arrayBuffer());
    writeFileSync(join(dir, 'right.png'), png);
    writeFileSync(join(dir, 'right.txt'), 'in the picture');
    writeFileSync(join(dir, 'wrong.png'), png);
    writeFileSync(join(dir, 'wrong.txt'), 'something else');
    process.env.PATH = '';
    const said: string[] = [];
    const figures = await evaluateCodes(dir, {
      picture: join(dir, 'out.svg'),
      say: (line) => said.push(line),
    });
    const values = Object.fromEntries(figures.map(({ figure, value }) => [figure, value]));
    for (const prefix of ['codes', 'codes_zxing']) {
      expect(values).toMatchObject({
        [`${prefix}_decoded`]: 2,
        [`${prefix}_exact`]: 1,
        [`${prefix}_false`]: 1,
      });
    }
    expect(figures.every(({ n }) => n === 2)).toBe(true);
    expect(said).toEqual([expect.stringContaining('zbarimg')]);
    expect(Object.keys(values).filter((name) => name.includes('zbar'))).toEqual([]);
  });
});

describe('parseZbarXml', () => {
  it('reads texts, bytes and pictures without a code', () => {
    const xml = `<barcodes xmlns='x'><source href='1.pgm'><index num='0'>
<symbol type='QR-Code'><data><![CDATA[a]]]]><![CDATA[>b]]></data></symbol>
<symbol type='QR-Code'><data format='base64' length='2'><![CDATA[
/wA=
]]></data></symbol></index></source><source href='2.pgm'></source></barcodes>`;
    const found = parseZbarXml(xml);
    expect(found.get('1.pgm')!.map(({ text, guessed }) => [text, guessed])).toEqual([
      ['a]]>b', false],
      ['\ufffd\u0000', true],
    ]);
    expect(found.get('2.pgm')).toEqual([]);
  });
});
