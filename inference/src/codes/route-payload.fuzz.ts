import { createRandom, damage } from '@watchpost/service/testing/damage';
import { describe, expect, it } from 'vitest';
import { routePayload } from './route-payload.ts';

const runs = Number(process.env.WATCHPOST_FUZZ_RUNS ?? 100_000);
const seeds = [
  ']d20109506000134352172701011012-AB\u001d21998',
  'https://id.gs1.org/01/09506000134352/10/AB%2FC?17=270101',
  'https://xn--exmple-4nf.org/a/unit-00017?k=k1&s=AAAA',
  'https://ex\u0430mple.org/\u202e',
  'intent://x#Intent;end',
  'java\u200bscript:alert(1)',
  '(01)09506000134352(17)270101(10)AB',
  'x'.repeat(3000),
].map((text) => Buffer.from(text));

describe(`${runs} damaged payloads`, () => {
  it('become inert, bounded text, and the same text again', () => {
    const random = createRandom(417);
    for (let i = 0; i < runs; i++) {
      const input = damage(seeds[i % seeds.length] ?? new Uint8Array(), random);
      const raw = Buffer.from(input).toString(random() < 0.5 ? 'latin1' : 'utf8');
      const { text, marks, ...routed } = routePayload(raw);
      if (
        !text.isWellFormed() ||
        text.length > 2048 ||
        /(?![\r\n\t])[\p{Cc}\p{Cf}\u2028\u2029]/u.test(text)
      ) {
        expect(text).toBe('inert');
      }
      if (
        'elements' in routed &&
        Object.values(routed.elements).some((value) => !/^[ -~]{1,90}$/.test(value))
      ) {
        expect(routed.elements).toBe('printable');
      }
      if (routed.kind !== 'gs1' && routePayload(text).text !== text) expect(text).toBe('stable');
      if (new Set(marks).size !== marks.length) expect(marks).toBe('each once');
    }
  });
});
