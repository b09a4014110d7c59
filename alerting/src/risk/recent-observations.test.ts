import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Corroboration, type Observation } from './corroboration.ts';
import { RecentObservations } from './recent-observations.ts';

const windowMs = 800;
const said = (device: string, timeMs: number, concern = 'fire'): Observation => ({
  ...{ device, zone: 'hall', concern, timeMs },
});

test('nothing is known before the store has told what was there, nor what was said before that', () => {
  const recent = new RecentObservations(windowMs);
  recent.note([said('a', 1_000)]);
  expect(recent.between(500, 2_000)).toBeUndefined();
  recent.learnt(500, [said('b', 700)]);
  expect(
    recent
      .between(500, 2_000)
      ?.map(({ device }) => device)
      .sort(),
  ).toEqual(['a', 'b']);
  expect(recent.between(499, 2_000)).toBeUndefined();
});

test('what lies ahead of what came last, and what is old, is asked of the store', () => {
  const recent = new RecentObservations(windowMs);
  recent.learnt(0, []);
  recent.note([said('a', 10_000)]);
  expect(recent.between(10_000 - 3 * windowMs, 11_000)).toBeUndefined();
  expect(recent.between(9_000, 9_500)).toBeUndefined();
});

test('after others may have written, the store is asked again', () => {
  const recent = new RecentObservations(windowMs);
  recent.learnt(0, [said('a', 100)]);
  recent.forget();
  expect(recent.between(50, 200)).toBeUndefined();
  recent.learnt(50, []);
  expect(recent.between(50, 200)).toEqual([]);
});

test('who corroborates an event that comes now is the same as by everything that was said', () => {
  const event = fc.record({
    device: fc.constantFrom('a', 'b', 'c', 'd'),
    aheadMs: fc.integer({ min: 0, max: 400 }),
    concern: fc.constantFrom('fire', 'intrusion', 'none'),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 200 }), (events) => {
      const recent = new RecentObservations(windowMs);
      recent.learnt(-windowMs, []);
      const all: Observation[] = [];
      let nowMs = 0;
      for (const { device, aheadMs, concern } of events) {
        nowMs += aheadMs;
        const now = said(device, nowMs, concern);
        const known = recent.between(nowMs - windowMs, nowMs + windowMs);
        const limits = { windowMs, nearM: 10 };
        const by = (of: readonly Observation[]) =>
          new Corroboration([...of], () => undefined, limits).devicesFor(now);
        expect(known && by(known)).toBe(by(all));
        recent.note([now]);
        all.push(now);
      }
    }),
  );
});
