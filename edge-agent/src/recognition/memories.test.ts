import { backoffMs } from '@watchpost/service';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FilePacing, FrameLimit } from '../camera/frame-pacing.ts';
import { RateLimit } from '../devices/rate-limit.ts';
import { uuidV7 } from '../outbox/uuid-v7.ts';
import { VisibleCodes } from './visible-codes.ts';

test('a code speaks once while it stays, and again after it was away', () => {
  const codes = new VisibleCodes(5000);
  expect([0, 3000, 7000, 11_000].map((at) => codes.isNew('a', at))).toEqual([true, false, false, false]);
  expect(codes.isNew('b', 11_000)).toBe(true);
  expect(codes.isNew('a', 17_000)).toBe(true);
  expect(codes.inView(17_500)).toBe(true);
  expect(codes.inView(19_000)).toBe(false);
});

test('a rate limit counts what it holds back', () => {
  const limit = new RateLimit(2, 1000);
  expect([0, 1, 2, 3, 1100].map((at) => limit.allows(at))).toEqual([true, true, false, false, true]);
  expect(limit.heldBack).toBe(2);
});

test('frames pass at no more than the wanted rate, whatever the camera gives', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 5, max: 60 }), (wanted, given) => {
      const limit = new FrameLimit(wanted);
      let passed = 0;
      for (let i = 0; i < given * 20; i++) {
        const at = 1_000_000 + (i * 1000) / given;
        if (!limit.allows(at)) continue;
        limit.took(at);
        passed++;
      }
      expect(passed).toBeLessThanOrEqual(wanted * 20 + 1);
      expect(passed).toBeGreaterThanOrEqual(Math.min(wanted, given) * 20 * 0.45);
    }),
  );
});

test('a file plays in real time, round after round, and does not race after a pause', () => {
  const pacing = new FilePacing();
  expect([0, 40, 80].map((pts) => pacing.due(pts, 1000))).toEqual([1000, 1040, 1080]);
  pacing.nextRound();
  expect(pacing.due(0, 1081)).toBe(1120);
  expect(pacing.due(40, 9000)).toBe(9000);
  expect(pacing.due(80, 9001)).toBe(9040);
});

test('waits double up to the longest and stay within a quarter', () => {
  expect([0, 1, 2, 50].map((attempt) => backoffMs(attempt, 100, 1000, 0.5))).toEqual([100, 200, 400, 1000]);
  expect(backoffMs(0, 100, 1000, 0)).toBe(75);
  expect(backoffMs(0, 100, 1000, 1)).toBe(125);
});

test('ids sort by time and carry version and variant', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 40), fc.uint8Array({ minLength: 10, maxLength: 10 }), (time, random) => {
      const id = uuidV7(time, random);
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(uuidV7(time + 1, random) > id).toBe(true);
    }),
  );
});
