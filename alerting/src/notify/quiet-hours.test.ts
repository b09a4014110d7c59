import { expect, test } from 'vitest';
import { zoneClock } from '../duty/zone-clock.ts';
import { quietUntil } from './quiet-hours.ts';

const shanghai = zoneClock('Asia/Shanghai');
const berlin = zoneClock('Europe/Berlin');
const until = (from: string, to: string, at: string, clock = shanghai) => {
  const ms = quietUntil({ from, to }, clock, Date.parse(at));
  return ms === undefined ? undefined : new Date(ms).toISOString();
};

test.each([
  ['over midnight, before it', '22:00', '07:00', '2026-11-27T15:00:00Z', '2026-11-27T23:00:00.000Z'],
  ['over midnight, after it', '22:00', '07:00', '2026-11-27T22:59:59Z', '2026-11-27T23:00:00.000Z'],
  ['over', '22:00', '07:00', '2026-11-27T23:00:00Z', undefined],
  ['not yet', '22:00', '07:00', '2026-11-27T13:59:59Z', undefined],
  ['within a day', '12:00', '14:00', '2026-11-27T05:00:00Z', '2026-11-27T06:00:00.000Z'],
] as const)('quiet hours %s', (_, from, to, at, expected) => {
  expect(until(from, to, at)).toBe(expected);
});

test('the night in which the clock is changed is quiet until its end by the wall clock', () => {
  expect(until('22:00', '07:00', '2026-03-28T22:00:00Z', berlin)).toBe('2026-03-29T05:00:00.000Z');
  expect(until('22:00', '07:00', '2026-10-24T22:00:00Z', berlin)).toBe('2026-10-25T06:00:00.000Z');
});
