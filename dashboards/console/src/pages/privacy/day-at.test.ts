import { expect, it } from 'vitest';
import { dayAt, startOfDay } from './day-at.ts';

it.each([
  ['2026-11-27', 'Asia/Shanghai', '2026-11-26T16:00:00.000Z'],
  ['2026-11-27', 'America/Los_Angeles', '2026-11-27T08:00:00.000Z'],
  ['2026-11-27', 'Pacific/Kiritimati', '2026-11-26T10:00:00.000Z'],
  ['2026-11-27', 'Asia/Kathmandu', '2026-11-26T18:15:00.000Z'],
  ['2026-11-27', 'Pacific/Pago_Pago', '2026-11-27T11:00:00.000Z'],
  // Clocks were put forward at midnight: the day begins at one.
  ['2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
])('%s begins in %s at %s', (day, zone, time) => {
  expect(startOfDay(day, zone)).toBe(time);
  expect(dayAt(time, zone)).toBe(day);
});

it('what is no instant has no day', () => {
  expect([dayAt('', 'UTC'), dayAt('soon', 'UTC')]).toEqual(['', '']);
});
