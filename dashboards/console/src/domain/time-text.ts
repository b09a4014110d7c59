import type { Language } from '@watchpost/contracts';
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

/** Date, time to the second and zone, in the site's time zone. */
export function absoluteTime(time: string, timeZone: string | undefined, language: Language): string {
  return dateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'long',
    ...(timeZone ? { timeZone } : {}),
  }).format(new Date(time));
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
