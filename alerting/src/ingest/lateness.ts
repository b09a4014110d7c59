import type { WatchpostEvent } from '@watchpost/contracts/wire';
import type { CorrectedTime } from './event-time.ts';
import { type LatenessLimits, lifeSafetyEvents } from './policy.ts';

/** Whether an event says that a life may be in danger, by `lifeSafetyEvents`. */
export function isLifeSafety(event: WatchpostEvent): boolean {
  const kinds = lifeSafetyEvents[event.type];
  if (kinds === undefined) return false;
  if (kinds === 'all') return true;
  const { kind, category } = event.data as { kind?: unknown; category?: unknown };
  return kinds.includes(String(kind ?? category));
}

/** How an event's age bears on paging. */
export interface Lateness {
  /** Too old to page anybody when it arrives. */
  readonly late: boolean;
  /** How old, when it is old and pages all the same, milliseconds. */
  readonly lateMs?: number;
}

/**
 * Judges an event by its age when it arrives. One of unknown age pages when a life may be in danger, and only
 * then.
 */
export function latenessOf(
  event: WatchpostEvent,
  { timeMs, by }: CorrectedTime,
  receivedMs: number,
  { lateAfterMs, lifeSafetyLateMs }: LatenessLimits,
): Lateness {
  const ageMs = receivedMs - timeMs;
  const danger = isLifeSafety(event);
  if (by === 'unknown') return { late: !danger };
  if (ageMs <= lateAfterMs) return { late: false };
  // A gateway that knows no offset cannot say how old the event is: its clock may be behind by a day.
  const unsure = by === 'clock' && event.clocksource === 'none';
  if (danger && unsure) return { late: false };
  return danger && ageMs <= lifeSafetyLateMs ? { late: false, lateMs: ageMs } : { late: true };
}
