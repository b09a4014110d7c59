import type { QuietHours } from '@watchpost/contracts/api';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** The wall clock of a time zone, as `zoneClock` gives it. */
export interface WallClock {
  wallOf(instantMs: number): number;
  instantOf(wallMs: number): number;
}

const ofDay = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * minuteMs;
};

/**
 * Until when somebody is not to be disturbed, by the wall clock of the site; undefined while they may be.
 * Where both times are equal it is all day, until that time comes.
 */
export function quietUntil({ from, to }: QuietHours, clock: WallClock, nowMs: number): number | undefined {
  const wallMs = clock.wallOf(nowMs);
  const midnightMs = wallMs - (((wallMs % dayMs) + dayMs) % dayMs);
  // Quiet hours that began yesterday may last into today.
  for (const dayMsBefore of [dayMs, 0]) {
    const beginsMs = midnightMs - dayMsBefore + ofDay(from);
    const lengthMs = (ofDay(to) - ofDay(from) + dayMs) % dayMs || dayMs;
    if (wallMs >= beginsMs && wallMs < beginsMs + lengthMs) return clock.instantOf(beginsMs + lengthMs);
  }
  return undefined;
}
