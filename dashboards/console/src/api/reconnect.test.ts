import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reconnectDelayMs } from './reconnect.ts';

it('waits longer after each failure, never above 15 s and never less than half of it', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const delayMs = reconnectDelayMs(attempt, random);
      expect(delayMs).toBeGreaterThanOrEqual(250);
      expect(delayMs).toBeLessThanOrEqual(15_000);
      expect(reconnectDelayMs(attempt + 1, random)).toBeGreaterThanOrEqual(delayMs);
    }),
  );
  expect(reconnectDelayMs(1000, 0)).toBe(7500);
});
