import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeCodes, encodeFrameHeader, encodeStatus, FrameWireReader } from './frame-wire.ts';

test('messages survive any cutting into chunks', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 50 }),
      (sizes, cuts) => {
        const sent = sizes.map(([width, height], i) => ({ width, height, capturedAt: i + 0.5, fill: i + 1 }));
        const bytes = Buffer.concat(
          sent.flatMap(({ width, height, capturedAt, fill }) => [
            encodeFrameHeader(width, height, capturedAt),
            Buffer.alloc(width * height * 3, fill),
            encodeStatus({ opened: true, decoded: fill, unreadable: 0, dropped: 0, lagMs: null }),
            encodeCodes({ capturedAt: fill, codes: [{ text: 'WP1:…' }] }),
          ]),
        );
        const frames: object[] = [];
        const statuses: number[] = [];
        const codes: number[] = [];
        const reader = new FrameWireReader({
          onFrame: ({ width, height, capturedAt, data }) => {
            expect(data.every((byte) => byte === data[0])).toBe(true);
            frames.push({ width, height, capturedAt, fill: data[0] });
          },
          onStatus: ({ decoded }) => statuses.push(decoded),
          onCodes: ({ capturedAt }) => codes.push(capturedAt),
        });
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const next = at + (cuts[i % cuts.length] ?? 1);
          reader.push(bytes.subarray(at, next));
          at = next;
        }
        expect(frames).toEqual(sent);
        expect(statuses).toEqual(sent.map(({ fill }) => fill));
        expect(codes).toEqual(statuses);
      },
    ),
  );
});

test('bytes that are not ours are refused instead of filling the memory', () => {
  const reader = new FrameWireReader({
    onFrame: () => undefined,
    onStatus: () => undefined,
    onCodes: () => undefined,
  });
  expect(() => reader.push(Buffer.alloc(64, 0xff))).toThrow(RangeError);
});
