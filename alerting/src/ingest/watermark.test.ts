import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advance, emptyWatermark, isHandled } from './watermark.ts';

const seqs = fc.array(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 10 }), { maxLength: 20 });

test('in whatever batches and order positions come, the watermark is the longest run from 1', () => {
  fc.assert(
    fc.property(seqs, (batches) => {
      let watermark = emptyWatermark;
      const seen = new Set<number>();
      for (const batch of batches) {
        const before = watermark.seq;
        watermark = advance(watermark, batch);
        for (const seq of batch) seen.add(seq);
        let run = 0;
        while (seen.has(run + 1)) run++;
        expect(watermark.seq).toBe(run);
        expect(watermark.seq).toBeGreaterThanOrEqual(before);
        expect([...watermark.above].sort((a, b) => a - b)).toEqual(
          [...seen].filter((seq) => seq > run).sort((a, b) => a - b),
        );
        for (let seq = 1; seq <= 31; seq++) expect(isHandled(watermark, seq)).toBe(seen.has(seq));
      }
    }),
  );
});

test('a repeat changes nothing', () => {
  const watermark = advance(emptyWatermark, [1, 2, 5]);
  expect(advance(watermark, [1, 2, 5])).toEqual(watermark);
});
