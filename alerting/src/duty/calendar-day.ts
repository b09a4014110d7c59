import type { DutyDays } from '@watchpost/contracts/api';
import type { DutyCalendar } from './rota.ts';

const dayMs = 86_400_000;

/** Days since 1970-01-01 of a day `YYYY-MM-DD`. */
export const dayNumber = (date: string): number => Date.parse(`${date}T00:00:00Z`) / dayMs;

/** `YYYY-MM-DD` of a day. */
export const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** 1 is Monday, 7 Sunday; 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;

/** Whether people work on a day; where its year is unknown the weekday alone decides. */
export function isWorkingDay(day: number, { holidays, workingDays }: DutyCalendar): boolean {
  const date = dateOf(day);
  if (workingDays.has(date)) return true;
  return weekdayOf(day) <= 5 && !holidays.has(date);
}

/** Whether a layer has a shift that begins on a day. */
export function isOn(days: DutyDays, day: number, calendar: DutyCalendar): boolean {
  if (days.kind === 'weekdays') return days.weekdays.includes(weekdayOf(day));
  return isWorkingDay(day, calendar) === (days.kind === 'working_days');
}
