import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadOf, stretchesOf } from './stretches.ts';

const minuteMs = 60_000;
const stretchMs = 10 * minuteMs;
const hour = { fromMs: 0, untilMs: 60 * minuteMs, stretchMs };
const times = (count: number, atMs: number) => new Array<number>(count).fill(atMs);

it('more than ten in ten minutes is too much for one, and not for two', () => {
  const openings = [...times(11, 0), ...times(10, stretchMs), ...times(12, 2 * stretchMs)];
  expect(loadOf(stretchesOf(openings, [], hour), 10)).toEqual({
    ...{ alerts: 33, perPosition: 5.5, shareAbove: 0.333 },
  });
  const both = [
    { fromMs: 0, untilMs: 60 * minuteMs },
    { fromMs: 0, untilMs: 60 * minuteMs },
  ];
  expect(loadOf(stretchesOf(openings, both, hour), 10)).toEqual({
    ...{ alerts: 33, perPosition: 2.75, shareAbove: 0 },
  });
});

it('who was there for less than half of a stretch does not count in it', () => {
  const positions = (fromMs: number, untilMs: number) =>
    stretchesOf([], [hour, { fromMs, untilMs }], hour).map((stretch) => stretch.positions);
  expect(positions(4 * minuteMs, 16 * minuteMs)).toEqual([2, 2, 1, 1, 1, 1]);
  expect(positions(6 * minuteMs, 24 * minuteMs)).toEqual([1, 2, 1, 1, 1, 1]);
  expect(positions(-90 * minuteMs, 600 * minuteMs)).toEqual([2, 2, 2, 2, 2, 2]);
});

it('property: no alert is lost or counted twice', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -stretchMs, max: 8 * stretchMs }), { maxLength: 300 }),
      (openings) => {
        const stretches = stretchesOf(openings, [], hour);
        const within = openings.filter((at) => at >= hour.fromMs && at < hour.untilMs).length;
        expect(loadOf(stretches, 10).alerts).toBe(within);
        expect(stretches).toHaveLength(6);
      },
    ),
  );
});
