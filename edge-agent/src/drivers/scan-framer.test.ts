import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Framed, ScanFramer } from './scan-framer.ts';
import { type ScanTextRule, scanText } from './scan-text.ts';

const texts = (framed: readonly Framed[]) =>
  framed.map((one) => (one.kind === 'scan' ? Buffer.from(one.bytes).toString('latin1') : `!${one.kind}`));
const framed = (framing: ConstructorParameters<typeof ScanFramer>[0]['framing'], ...chunks: string[]) => {
  const framer = new ScanFramer({ framing, maxBytes: 8 });
  return texts([
    ...chunks.flatMap((chunk) => framer.push(Buffer.from(chunk, 'latin1'))),
    ...framer.silence(),
  ]);
};

describe('ScanFramer', () => {
  test.each([
    ['line', ['a\rb\nc\r\nd\n\n\r\re\r', '\n'], ['a', 'b', 'c', 'd', 'e']],
    ['line', ['a\tb\u0003', '\u0002c\u0003\r'], ['a', 'b', '\u0002c']],
    ['tab', ['a\rb\t', 'c\u0003\t'], ['a\rb', 'c\u0003']],
    ['etx', ['\u0002a\t\u0003', 'b\u0003'], ['\u0002a\t', 'b']],
    ['cr', ['a\nb\r', '\nc\r'], ['a\nb', '\nc']],
    ['lf', ['a\r\nb\n'], ['a\r', 'b']],
    ['crlf', ['a\rb\r', '\nc\nd\r\r\n'], ['a\rb', 'c\nd\r']],
    ['idle', ['a\r\n', 'b'], ['a\r\nb']],
    ['line', ['123456789', '0\nok\n'], ['!too_long', 'ok']],
    ['line', ['12345678\nha'], ['12345678', '!unfinished']],
    ['crlf', ['ab\r'], ['!unfinished']],
    ['idle', ['123456789'], ['!too_long']],
    ['idle', [''], []],
  ] as const)('%s: %j gives %j', (framing, chunks, wanted) => {
    expect(framed(framing, ...chunks)).toEqual(wanted);
  });

  test('gives the same scans whatever pieces the stream comes in', () => {
    const byte = fc.constantFrom('a', 'b', '\r', '\n', '\t', '\u0003', '\u00ff');
    fc.assert(
      fc.property(
        fc.constantFrom('line', 'cr', 'lf', 'crlf', 'tab', 'etx', 'idle' as const),
        fc.array(fc.string({ unit: byte, maxLength: 30 })),
        (framing, chunks) => {
          const whole = chunks.join('');
          const result = framed(framing as 'line', ...chunks);
          expect(framed(framing as 'line', whole)).toEqual(result);
          expect(framed(framing as 'line', ...whole)).toEqual(result);
          for (const text of result) expect(text.length).toBeLessThanOrEqual(11);
        },
      ),
    );
  });
});

describe('scanText', () => {
  const rule: ScanTextRule = { encoding: 'utf-8', maxChars: 8, prefix: '', suffix: '', aimIdentifier: false };
  test.each<[string, Partial<ScanTextRule>, string | null]>([
    ['e4bda0e5a5bd', {}, '你好'],
    ['c4e3bac3', { encoding: 'gb18030' }, '你好'],
    ['9439da33', { encoding: 'gb18030' }, '\u{1f4a9}'],
    ['c4e3bac3', {}, null],
    ['ff', { encoding: 'gb18030' }, null],
    ['80ff', { encoding: 'latin-1' }, '\u0080\u00ff'],
    ['80', { encoding: 'ascii' }, null],
    ['4141', { encoding: 'ascii' }, 'AA'],
    ['414141414141414141', {}, null],
    ['', {}, null],
    ['02414203', { prefix: '\u0002', suffix: '\u0003' }, 'AB'],
    ['4142', { prefix: '\u0002', suffix: '\u0003' }, 'AB'],
    ['5d51315750', { aimIdentifier: true }, 'WP'],
    ['5d43313031', { aimIdentifier: true }, ']C101'],
    ['5d51315750', {}, ']Q1WP'],
  ])('%s with %j is %j', (hex, change, wanted) => {
    expect(scanText(Buffer.from(hex, 'hex'), { ...rule, ...change })).toBe(wanted);
  });
});
