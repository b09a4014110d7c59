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
    ['Room 12\nSecond floor', { kind: 'text', text: 'Room 12\nSecond floor', marks: [] }],
    ['javascript:alert(1)', { kind: 'text', marks: ['script_url'] }],
    [' JaVa\tScript:alert(1)', { kind: 'text', marks: ['script_url'] }],
    ['data:text/html,<script>', { kind: 'text', marks: ['script_url'] }],
    ['file:///etc/passwd', { kind: 'text', marks: ['unsafe_scheme'] }],
    ['https://user:pw@example.org/', { kind: 'url', marks: ['credentials'] }],
    ['https://ex\u0430mple.org/', { kind: 'url', marks: ['homograph'] }],
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

  it('gives inert text for anything', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.string({ unit: 'grapheme' })),
        (raw) => {
          const { text } = routePayload(raw);
          expect(text.isWellFormed()).toBe(true);
          expect(/(?![\r\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text)).toBe(false);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
