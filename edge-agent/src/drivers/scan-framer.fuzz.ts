import { describe, expect, it } from 'vitest';
import { ScanFramer } from './scan-framer.ts';
import { scanText } from './scan-text.ts';

const runs = Number(process.env.WATCHPOST_FUZZ_RUNS ?? 100_000);

/** Repeatable random numbers 0 … 1 (xorshift32). */
function createRandom(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

describe(`${runs} pieces of a hostile stream`, () => {
  it.each(['line', 'cr', 'lf', 'crlf', 'idle'] as const)(
    '%s framing: scans are bounded, and texts well formed or refused',
    (framing) => {
      const random = createRandom(99);
      const framer = new ScanFramer({ framing, maxBytes: 64 });
      const encodings = ['utf-8', 'ascii', 'latin-1', 'gb18030'] as const;
      let scans = 0;
      for (let i = 0; i < runs; i++) {
        const chunk = Uint8Array.from({ length: Math.floor(random() * 40) }, () =>
          random() < 0.1 ? (random() < 0.5 ? 13 : 10) : Math.floor(random() * 256),
        );
        const framed = [...framer.push(chunk), ...(random() < 0.2 ? framer.silence() : [])];
        for (const frame of framed) {
          if (frame.kind !== 'scan') continue;
          scans++;
          if (frame.bytes.length === 0 || frame.bytes.length > 64) expect(frame.bytes.length).toBe('1 … 64');
          const encoding = encodings[i % 4] ?? 'utf-8';
          const text = scanText(frame.bytes, {
            encoding,
            maxChars: 32,
            prefix: '\u0002',
            suffix: '\u0003',
            aimIdentifier: true,
          });
          if (text !== null && (text.length === 0 || text.length > 32 || !text.isWellFormed()))
            expect(text).toBe('a text');
        }
      }
      expect(scans).toBeGreaterThan(runs / 100);
    },
  );
});
