import { expect, test } from 'vitest';
import { StreamClock } from './stream-clock.ts';

const frameMs = 40;

/** Lags of pictures with these positions and arrivals. */
function lags(pictures: Iterable<readonly [position: number, arrived: number]>): number[] {
  const clock = new StreamClock();
  return [...pictures].map(([position, arrived]) => arrived - clock.arrived(position, arrived));
}
const steady = (count: number, arrive: (i: number) => number, position = (i: number) => i * frameMs) =>
  Array.from({ length: count }, (_, i) => [position(i), arrive(i)] as const);

test('a picture that waited on its way was taken when its position says, not when it came', () => {
  const stall = steady(
    100,
    (i) => 5000 + (i < 50 ? i * frameMs : Math.max(i * frameMs, 50 * frameMs + 4000)),
  );
  const seen = lags(stall);
  expect(seen.slice(0, 50).every((lag) => lag === 0)).toBe(true);
  expect(seen[50]).toBe(4000);
  expect(seen[60]).toBe(3600);
});

test('the first picture may be the late one: whoever comes with less delay is the measure', () => {
  const seen = lags(steady(20, (i) => 1000 + i * frameMs + (i < 3 ? 900 : 20)));
  expect(seen[0]).toBe(0);
  expect(Math.max(...seen.slice(3))).toBe(0);
});

test('a camera whose clock drifts is followed', () => {
  // Two in a thousand slow for an hour: 7.2 s in all.
  const seen = lags(steady(90_000, (i) => i * frameMs * 1.002));
  expect(Math.max(...seen)).toBeLessThan(200);
});

test.each([
  ['always zero', () => 0],
  ['missing', () => Number.NaN],
  ['random', (i: number) => (i * 7919 * 104_729) % 47_721_858],
  ['begin again every 30 pictures', (i: number) => (i % 30) * frameMs],
  ['jump five hours ahead', (i: number) => i * frameMs + (i > 40 ? 18_000_000 : 0)],
  ['jump five hours back', (i: number) => 18_000_000 + i * frameMs - (i > 40 ? 18_000_000 : 0)],
])('positions that are %s make no picture older than a second or so', (_name, position) => {
  const seen = lags(steady(500, (i) => 1000 + i * frameMs, position));
  expect(Math.max(...seen)).toBeLessThanOrEqual(1100);
  expect(seen.slice(60).filter((lag) => lag > 1000)).toEqual([]);
});

test('pictures out of order keep their own times', () => {
  const order = [0, 3, 1, 2, 6, 4, 5, 9, 7, 8];
  const clock = new StreamClock();
  const taken = order.map((position, i) => clock.arrived(position * frameMs, 1000 + i * frameMs));
  const step = (taken[7] ?? 0) - (taken[4] ?? 0);
  expect(step).toBe(3 * frameMs);
});
