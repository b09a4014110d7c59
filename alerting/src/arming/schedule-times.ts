import { createHash } from 'node:crypto';
import type { ArmingSchedule } from '@watchpost/contracts/site';
import type { ZoneClock } from '../duty/zone-clock.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;

/**
 * The first time after an instant at which a schedule comes, milliseconds since the Unix epoch. By the wall
 * clock, as hand-overs are: where it skips that time the first instant after, of two the last.
 */
export function nextAt(
  { weekdays, at }: Pick<ArmingSchedule, 'weekdays' | 'at'>,
  clock: Pick<ZoneClock, 'wallOf' | 'instantOf'>,
  afterMs: number,
): number {
  const ofDayMs = (Number(at.slice(0, 2)) * 60 + Number(at.slice(3, 5))) * minuteMs;
  const firstDay = Math.floor(clock.wallOf(afterMs) / dayMs) * dayMs - dayMs;
  for (let day = firstDay; day <= firstDay + 9 * dayMs; day += dayMs) {
    // 1970-01-01 was a Thursday, the fourth day of ISO 8601.
    const weekday = ((Math.floor(day / dayMs) + 3) % 7) + 1;
    const instant = clock.instantOf(day + ofDayMs);
    if (weekdays.includes(weekday) && instant > afterMs) return instant;
  }
  throw new Error('a schedule without a day');
}

/** Tells schedules apart: whatever is changed in one voids what was due by it. */
export function scheduleVersion(schedule: ArmingSchedule, timeZone: string): number {
  const text = JSON.stringify([timeZone, schedule]);
  return createHash('sha256').update(text).digest().readUInt32BE() >>> 1;
}
