import { expect, test } from 'vitest';
import { zoneClock } from '../duty/zone-clock.ts';
import { nextAt } from './schedule-times.ts';

const berlin = zoneClock('Europe/Berlin');
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const next = (at: string, after: string, weekdays = everyDay) =>
  new Date(nextAt({ at, weekdays }, berlin, Date.parse(after))).toISOString();

test('a schedule comes by the wall clock, on its days, after the instant that is asked for', () => {
  expect(next('22:00', '2026-03-24T20:59:59Z')).toBe('2026-03-24T21:00:00.000Z');
  expect(next('22:00', '2026-03-24T21:00:00Z')).toBe('2026-03-25T21:00:00.000Z');
  // A Tuesday; the next Monday is in summer time.
  expect(next('22:00', '2026-03-24T12:00:00Z', [1])).toBe('2026-03-30T20:00:00.000Z');
});

test('where the clock skips the time it is the first one after, of two the last', () => {
  expect(next('02:30', '2026-03-28T12:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
  expect(next('02:30', '2026-03-29T01:00:00Z')).toBe('2026-03-30T00:30:00.000Z');
  expect(next('02:30', '2026-10-24T12:00:00Z')).toBe('2026-10-25T01:30:00.000Z');
  // Not twice on that night.
  expect(next('02:30', '2026-10-25T01:30:00Z')).toBe('2026-10-26T01:30:00.000Z');
});
