import { expect, it } from 'vitest';
import { dayNumber, isWorkingDay } from '../calendar-day.ts';
import { chineseHolidays } from './chinese-holidays.ts';

it('the days of 2026 are those that the State Council announced', async () => {
  const calendar = await chineseHolidays();
  const isWorked = (date: string) => isWorkingDay(dayNumber(date), calendar);
  // Spring Festival from Sunday to Monday week, made up for on two Saturdays.
  expect(['2026-02-14', '2026-02-15', '2026-02-23', '2026-02-24', '2026-02-28'].map(isWorked)).toEqual([
    ...[true, false, false, true, true],
  ]);
  // A Sunday that is worked for the National Day, and an ordinary one.
  expect(['2026-09-20', '2026-09-27', '2026-10-07', '2026-10-10'].map(isWorked)).toEqual([
    ...[true, false, false, true],
  ]);
});

it('a year that was not announced is unknown, and its weekdays alone decide', async () => {
  const calendar = await chineseHolidays();
  expect([calendar.knownYears.has(2026), calendar.knownYears.has(2099)]).toEqual([true, false]);
  expect(isWorkingDay(dayNumber('2099-10-01'), calendar)).toBe(true);
});
