import type { Language } from '@watchpost/contracts/api';
import { dateTimeFormat, relativeTimeFormat } from './intl-formats.ts';

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** "3 minutes ago"; a capture time slightly ahead of this clock reads as now. */
export function relativeTime(time: string, nowMs: number, language: Language): string {
  const agoMs = nowMs - Date.parse(time);
  const format = relativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  for (const [unit, unitMs] of steps) {
    if (agoMs >= unitMs) return format.format(-Math.floor(agoMs / unitMs), unit);
  }
  return format.format(0, 'second');
}

/** Date, time to the second and zone, in the site's time zone: `2026年11月1日 16:00:00 GMT+8`. */
export function absoluteTime(time: string, timeZone: string | undefined, language: Language): string {
  const zone = timeZone ? { timeZone } : {};
  const at = Date.parse(time);
  const date = dateTimeFormat(language, { dateStyle: 'long', ...zone }).format(at);
  // Written out by parts: Chinese formats of `Intl` put the zone between date and time.
  const zoneName = dateTimeFormat(language, { timeZoneName: 'short', ...zone })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value;
  return [date, clockTime(at, timeZone, language), zoneName].filter(Boolean).join(' ');
}

/** Day and time to the minute, where only people of this place read it: `2026年11月27日 16:00`. */
export function minuteTime(time: string, timeZone: string | undefined, language: Language): string {
  return dateTimeFormat(language, {
    ...{ dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' },
    ...(timeZone ? { timeZone } : {}),
  }).format(Date.parse(time));
}

/** A day of the calendar, in no time zone: `2026-11-27` or the beginning of that day in UTC. */
export const calendarDay = (day: string, language: Language): string =>
  dateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(Date.parse(day));

/** The clock time, and before it the day when that is not today at the site. */
export function pointInTime(
  time: string,
  nowMs: number,
  timeZone: string | undefined,
  language: Language,
): string {
  const format = dateTimeFormat(language, {
    month: 'short',
    day: 'numeric',
    ...(timeZone ? { timeZone } : {}),
  });
  const at = Date.parse(time);
  const clock = clockTime(at, timeZone, language);
  const day = format.format(at);
  return day === format.format(nowMs) ? clock : `${day} ${clock}`;
}

/** Time of day to the second in the site's time zone. */
export function clockTime(timeMs: number, timeZone: string | undefined, language: Language): string {
  return dateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...(timeZone ? { timeZone } : {}),
  }).format(timeMs);
}
