import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PacketRun } from './packet-run.ts';

test('gives the same bytes in the same order, and one piece of what stood together', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 9 }), passes: fc.boolean() }), { maxLength: 12 }),
      (packets) => {
        const chunk = Buffer.from(Array.from({ length: 200 }, (_, index) => index));
        const run = new PacketRun();
        const expected: Buffer[] = [];
        let [at, pieces, wasPassed] = [0, 0, false];
        for (const { bytes, passes } of packets) {
          const packet = chunk.subarray(at, at + bytes);
          at += bytes;
          if (passes) {
            run.add(packet);
            expected.push(packet);
            if (!wasPassed) pieces++;
          }
          wasPassed = passes;
        }
        const taken = run.take();
        expect(Buffer.concat(taken)).toEqual(Buffer.concat(expected));
        expect(taken).toHaveLength(pieces);
        expect(run.take()).toEqual([]);
      },
    ),
  );
});

test('leaves apart what came in different chunks', () => {
  const run = new PacketRun();
  const [one, other] = [Buffer.alloc(4, 1), Buffer.alloc(4, 2)];
  run.add(one);
  run.add(other);
  expect(run.take()).toEqual([one, other]);
});
