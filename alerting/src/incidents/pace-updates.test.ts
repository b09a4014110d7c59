import fc from 'fast-check';
import { expect, test } from 'vitest';
import { paceUpdate, type Told } from './pace-updates.ts';

const pace = { first: 30_000, largest: 900_000 };

test('however often something becomes more, updates go at once or at the next time, further and further apart', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 200 }), (pauses) => {
      let told: Told = { atMs: 0, updates: 0 };
      let nowMs = 0;
      const times = [0];
      for (const pauseMs of pauses) {
        nowMs += pauseMs;
        told = paceUpdate(told, nowMs, pace);
        expect(told.atMs).toBeGreaterThanOrEqual(nowMs);
        expect(told.atMs).toBeLessThanOrEqual(nowMs + pace.largest);
        if (times.at(-1) !== told.atMs) times.push(told.atMs);
      }
      const apart = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
      apart.forEach((ms, index) => {
        expect(ms).toBeGreaterThanOrEqual(Math.min(pace.largest, pace.first * 2 ** index));
      });
    }),
  );
});

test('a clock that was set back by hours makes an update wait for one pause at most', () => {
  const hours = 3 * 3_600_000;
  expect(paceUpdate({ atMs: hours, updates: 1 }, 0, pace).atMs).toBeLessThanOrEqual(60_000);
});

test('a storm of a minute is one first notice and two updates', () => {
  let told: Told = { atMs: 0, updates: 0 };
  const times = new Set([0]);
  for (let nowMs = 100; nowMs < 60_000; nowMs += 100) {
    told = paceUpdate(told, nowMs, pace);
    times.add(told.atMs);
  }
  expect([...times]).toEqual([0, 30_000, 90_000]);
});
