import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

test('a burst is free, then one waits', () => {
  const bucket = new TokenBucket(10, 20, 0);
  for (let count = 0; count < 20; count++) expect(bucket.take(1, 0)).toBe(0);
  expect(bucket.take(1, 0)).toBe(100);
});

test('whoever waits as told never gets more than the rate and one burst', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.nat(200)), { minLength: 1 }),
      (takes) => {
        const bucket = new TokenBucket(100, 50, 0);
        let [now, taken, last] = [0, 0, 0];
        for (const [cost, pause] of takes) {
          now += pause;
          taken += cost;
          last = cost;
          now += bucket.take(cost, now);
        }
        expect(taken - last).toBeLessThanOrEqual(50 + (now / 1000) * 100 + 1e-6);
      },
    ),
  );
});
