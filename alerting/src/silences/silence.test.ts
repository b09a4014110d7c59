import { expect, test } from 'vitest';
import { zoneClock } from '../duty/zone-clock.ts';
import { holdsUntil, windowAt } from './silence.ts';

const berlin = zoneClock('Europe/Berlin');
const whole = { from: '2026-03-01T00:00:00.000Z', until: '2026-04-15T00:00:00.000Z', ended: null };
const at = (time: string) => Date.parse(time);
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
const allDays = [1, 2, 3, 4, 5, 6, 7];

test('without hours it holds from its beginning to its end, and not when it was ended', () => {
  const always = { ...whole, hours: null };
  expect(holdsUntil(always, berlin, at('2026-02-28T23:59:59Z'))).toBeUndefined();
  expect(holdsUntil(always, berlin, at('2026-03-01T00:00:00Z'))).toBe('2026-04-15T00:00:00.000Z');
  expect(holdsUntil(always, berlin, at('2026-04-15T00:00:00Z'))).toBeUndefined();
  const ended = { ...always, ended: { at: '', by: '', account: '', reason: '' } };
  expect(windowAt(ended, berlin, at('2026-03-10T00:00:00Z'))).toBeUndefined();
});

test('hours are those of the wall, on the days on which they begin, over midnight too', () => {
  // Tuesday and Friday; the clock is changed on Sunday 29 March.
  const nights = { ...whole, hours: { weekdays: [2, 5], from: '22:00', to: '05:00' } };
  expect(holdsUntil(nights, berlin, at('2026-03-24T20:59:59Z'))).toBeUndefined();
  expect(holdsUntil(nights, berlin, at('2026-03-24T21:00:00Z'))).toBe('2026-03-25T04:00:00.000Z');
  expect(holdsUntil(nights, berlin, at('2026-03-25T03:59:59Z'))).toBe('2026-03-25T04:00:00.000Z');
  expect(holdsUntil(nights, berlin, at('2026-03-25T21:30:00Z'))).toBeUndefined();
  // Summer time: an hour earlier by the clock of the world.
  expect(holdsUntil(nights, berlin, at('2026-03-31T20:00:00Z'))).toBe('2026-04-01T03:00:00.000Z');
  expect(iso(windowAt(nights, berlin, at('2026-03-28T12:00:00Z'))?.fromMs)).toBe('2026-03-31T20:00:00.000Z');
});

test('the night in which the clock is changed is as long as it is', () => {
  const nights = { ...whole, hours: { weekdays: allDays, from: '01:30', to: '02:30' } };
  // 02:30 does not exist on that night: the first instant after it.
  expect(holdsUntil(nights, berlin, at('2026-03-29T00:45:00Z'))).toBe('2026-03-29T01:00:00.000Z');
  const autumn = { ...nights, from: '2026-10-01T00:00:00.000Z', until: '2026-10-30T00:00:00.000Z' };
  // 02:30 comes twice: the last of both.
  expect(holdsUntil(autumn, berlin, at('2026-10-24T23:45:00Z'))).toBe('2026-10-25T01:30:00.000Z');
});

test('days that meet are one time, cut to the beginning and the end', () => {
  const days = { ...whole, hours: { weekdays: allDays, from: '00:00', to: '00:00' } };
  const window = windowAt(days, berlin, at('2026-04-14T12:00:00Z'));
  expect(iso(window?.untilMs)).toBe('2026-04-15T00:00:00.000Z');
  const late = windowAt(
    { ...whole, hours: { weekdays: [3], from: '01:00', to: '09:00' } },
    berlin,
    at('2026-04-14T12:00:00Z'),
  );
  expect([iso(late?.fromMs), iso(late?.untilMs)]).toEqual([
    '2026-04-14T23:00:00.000Z',
    '2026-04-15T00:00:00.000Z',
  ]);
});
