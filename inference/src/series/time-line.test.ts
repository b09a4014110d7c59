import { expect, it } from 'vitest';
import { TimeLine } from './time-line.ts';

const advance = (line: TimeLine, times: readonly number[]) => times.map((time) => line.advance(time));

it('passes over what is no time, a repeat or out of order', () => {
  const line = new TimeLine();
  expect(advance(line, [5, 5, 3, 7, Number.NaN, Infinity, -Infinity, 6, 8])).toEqual([
    Infinity,
    null,
    null,
    2,
    null,
    null,
    null,
    null,
    1,
  ]);
});

it('follows a clock that was set back, after twenty points in order', () => {
  const line = new TimeLine();
  line.advance(1e15);
  const got = advance(
    line,
    Array.from({ length: 30 }, (_, i) => i),
  );
  expect(got.findIndex((interval) => interval !== null)).toBe(20 - 1);
  expect(got[19]).toBeNaN();
  expect(got.slice(20)).toEqual(Array(10).fill(1));
});

it('follows no clock that runs backwards, stands still, or only stumbles', () => {
  const line = new TimeLine();
  line.advance(1000);
  expect(
    advance(
      line,
      Array.from({ length: 100 }, (_, i) => 500 - i),
    ).every((got) => got === null),
  ).toBe(true);
  expect(advance(line, Array(100).fill(400)).every((got) => got === null)).toBe(true);
  expect(line.advance(1001)).toBe(1);
});
