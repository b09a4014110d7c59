import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { routePayload } from './route-payload.ts';

const plate = `https://plates.example/a/unit-00017?k=k1&s=${'A'.repeat(86)}`;

describe('routePayload', () => {
  it.each([
    ['WP1:6BF', { kind: 'pass', marks: [] }],
    [plate, { kind: 'plate', id: 'unit-00017', domain: 'plates.example', marks: [] }],
    ['https://example.org/x', { kind: 'url', host: 'example.org', marks: [] }],
    [
      '(01)09506000134352(17)270101(10)ABC',
      { kind: 'gs1', elements: { '01': '09506000134352', '17': '270101', '10': 'ABC' } },
    ],
    ['(01)09506000134353', { kind: 'text' }],
    [
      ']d20109506000134352172701011012-AB\u001d21998',
      {
        kind: 'gs1',
        marks: [],
        elements: { '01': '09506000134352', '17': '270101', '10': '12-AB', '21': '998' },
      },
    ],
    ['\u001d0109506000134352', { kind: 'gs1', elements: { '01': '09506000134352' } }],
    [']C1310200125010A', { kind: 'gs1', elements: { '3102': '001250', '10': 'A' } }],
    [']C101095060001343', { kind: 'text' }],
    [']Q10109506000134352', { kind: 'text' }],
    ['0109506000134352', { kind: 'text' }],
    [
      'https://id.gs1.org/01/09506000134352/10/AB%2FC?17=270101&x=1',
      { kind: 'gs1', host: 'id.gs1.org', elements: { '01': '09506000134352', '10': 'AB/C', '17': '270101' } },
    ],
    [
      'https://shop.example/some/path/01/9506000134352',
      { kind: 'gs1', elements: { '01': '09506000134352' } },
    ],
    ['https://shop.example/01/9506000134353', { kind: 'url', marks: [] }],
    ['https://shop.example/01/09506000134352/99/x', { kind: 'url' }],
    ['https://shop.example/01/09506000134352/10/%ff', { kind: 'url' }],
    ['Room 12\nSecond floor', { kind: 'text', text: 'Room 12\nSecond floor', marks: [] }],
    ['javascript:alert(1)', { kind: 'text', marks: ['script_url'] }],
    [' JaVa\tScript:alert(1)', { kind: 'text', marks: ['script_url'] }],
    ['data:text/html,<script>', { kind: 'text', marks: ['script_url'] }],
    ['file:///etc/passwd', { kind: 'text', marks: ['unsafe_scheme'] }],
    ['https://user:pw@example.org/', { kind: 'url', marks: ['credentials'] }],
    ['https://ex\u0430mple.org/', { kind: 'url', marks: ['homograph'] }],
    ['https://xn--exmple-4nf.org/', { kind: 'url', marks: ['punycode', 'homograph'] }],
    ['https://\u0430\u0441\u0435.com/', { kind: 'url', marks: ['homograph'] }],
    ['https://\uff45xample.org/', { kind: 'url', host: 'example.org', marks: ['homograph'] }],
    ['https://例子.测试/', { kind: 'url', marks: [] }],
    ['https://xn--fsqu00a.xn--0zwm56d/', { kind: 'url', marks: ['punycode'] }],
    ['https://münchen.example/', { kind: 'url', marks: [] }],
    ['https:\\\\good.example@evil.example/', { kind: 'url', host: 'evil.example', marks: ['credentials'] }],
    ['\uff4a\uff41vascript:alert(1)', { kind: 'text', marks: ['script_url'] }],
    ['java\u200bscript:alert(1)', { kind: 'text', marks: ['bidi', 'script_url'] }],
    ['intent://scan/#Intent;scheme=x;end', { kind: 'text', marks: ['unsafe_scheme'] }],
    ['ms-msdt:/id x', { kind: 'text', marks: ['unsafe_scheme'] }],
    ['mailto:a@example.org', { kind: 'text', marks: [] }],
    ['WIFI:T:WPA;S:net;P:secret;;', { kind: 'text', marks: [] }],
    ['a\u061cb\u00adc\u{e0041}', { kind: 'text', text: 'a\ufffdb\ufffdc\ufffd', marks: ['bidi'] }],
    ['a\u2028b', { kind: 'text', text: 'a\ufffdb', marks: ['bidi'] }],
    ['a\u202etxt.exe', { kind: 'text', text: 'a\ufffdtxt.exe', marks: ['bidi'] }],
    ['a\u0000\u001b[2Jb', { kind: 'text', text: 'a\ufffd\ufffd[2Jb', marks: ['control_characters'] }],
    ['http://', { kind: 'text' }],
    ['', { kind: 'text', text: '' }],
  ])('routes %j', (text, expected) => {
    expect(routePayload(text)).toMatchObject(expected);
  });

  it('cuts 10 kB and marks it', () => {
    const { text, marks } = routePayload('x'.repeat(10_000));
    expect(text).toHaveLength(2048);
    expect(marks).toEqual(['too_long']);
  });

  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3000 }),
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc.string({ unit: 'grapheme' }),
    fc
      .tuple(
        fc.constantFrom('javascript:', ' DATA:', 'file://', 'https://', ']d2', '(01)', 'WP1:'),
        fc.string({ unit: 'binary' }),
      )
      .map((parts) => parts.join('')),
  );

  it('gives inert, bounded, well-formed text for anything, and marks whatever it changed', () => {
    fc.assert(
      fc.property(hostile, (raw) => {
        const { text, marks } = routePayload(raw);
        expect(text.isWellFormed()).toBe(true);
        expect(text.length).toBeLessThanOrEqual(2048);
        expect(/(?![\r\n\t])[\p{Cc}\p{Cf}\u2028\u2029]/u.test(text)).toBe(false);
        const separated = raw.replaceAll('\u001d', '\ufffd').toWellFormed();
        if (text !== separated) expect(marks.length).toBeGreaterThan(0);
        expect(new Set(marks).size).toBe(marks.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives the same for what it made inert', () => {
    fc.assert(
      fc.property(hostile, (raw) => {
        const once = routePayload(raw);
        if (once.kind === 'gs1') return;
        expect(routePayload(once.text)).toMatchObject({ text: once.text });
      }),
      { numRuns: 1000 },
    );
  });

  it('never calls a script or a program link a web address', () => {
    const scheme = fc.constantFrom('javascript', 'vbscript', 'data', 'file', 'intent', 'blob');
    const blank = fc.constantFrom('', ' ', '\t', '\n', '\u0000', '\u200b', '\u00ad');
    fc.assert(
      fc.property(scheme, blank, fc.nat(5), fc.string(), fc.boolean(), (name, gap, at, rest, loud) => {
        const spelled = `${gap}${name.slice(0, at)}${gap}${name.slice(at)}:${rest}`;
        const { kind, marks } = routePayload(loud ? spelled.toUpperCase() : spelled);
        expect(kind).toBe('text');
        expect(marks.some((mark) => mark === 'script_url' || mark === 'unsafe_scheme')).toBe(true);
      }),
    );
  });
});
