import { expect, it } from 'vitest';
import { DailyTraffic } from './daily-traffic.ts';

const hourMs = 3_600_000;

it('says nothing before an hour has passed', () => {
  const traffic = new DailyTraffic();
  expect(traffic.perDay(5 * hourMs)).toBeNull();
  traffic.count(0);
  expect(traffic.perDay(hourMs - 1)).toBeNull();
});

it('extrapolates from a part of the first day', () => {
  const traffic = new DailyTraffic();
  for (let i = 0; i < 30; i++) traffic.count(i * 60_000);
  expect(traffic.perDay(6 * hourMs)).toBe(120);
});

it('forgets what is older than a day', () => {
  const traffic = new DailyTraffic();
  for (let hour = 0; hour < 100; hour++) traffic.count(hour * hourMs);
  expect(traffic.perDay(99 * hourMs)).toBe(24);
  expect(traffic.perDay(110 * hourMs)).toBe(13);
  expect(traffic.perDay(500 * hourMs)).toBe(0);
});

it('starts afresh when the clock steps back', () => {
  const traffic = new DailyTraffic();
  traffic.count(1000 * hourMs);
  traffic.count(0);
  expect(traffic.perDay(24 * hourMs - 1)).toBeCloseTo(1, 3);
});
