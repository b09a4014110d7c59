import { expect, test } from 'vitest';
import { isArmed, wallClock } from './armed-schedule.ts';

const night = [{ from: '22:00', to: '06:00' }];
const at = (text: string) => Date.parse(text);

test('a window over midnight, in the site’s own time zone', () => {
  // Shanghai is UTC+8 all year.
  expect(isArmed(night, at('2026-11-01T13:59:59Z'), 'Asia/Shanghai')).toBe(false);
  expect(isArmed(night, at('2026-11-01T14:00:00Z'), 'Asia/Shanghai')).toBe(true);
  expect(isArmed(night, at('2026-11-01T21:59:59Z'), 'Asia/Shanghai')).toBe(true);
  expect(isArmed(night, at('2026-11-01T22:00:00Z'), 'Asia/Shanghai')).toBe(false);
});

test('the wall clock counts, also on the night when it is set back', () => {
  // Berlin, 25 October 2026: 03:00 CEST becomes 02:00 CET.
  const early = [{ from: '02:00', to: '03:00' }];
  expect(wallClock(at('2026-10-25T00:30:00Z'), 'Europe/Berlin')).toBe('02:30');
  expect(isArmed(early, at('2026-10-25T00:30:00Z'), 'Europe/Berlin')).toBe(true);
  expect(isArmed(early, at('2026-10-25T01:30:00Z'), 'Europe/Berlin')).toBe(true);
  expect(isArmed(early, at('2026-10-25T02:00:00Z'), 'Europe/Berlin')).toBe(false);
});

test('midnight is 00:00; no window is never, equal ends are always', () => {
  expect(wallClock(at('2026-11-01T16:00:00Z'), 'Asia/Shanghai')).toBe('00:00');
  expect(isArmed([], 0, 'UTC')).toBe(false);
  expect(isArmed([{ from: '08:00', to: '08:00' }], 0, 'UTC')).toBe(true);
});
