import { type WatchpostEvent, wireLimits } from '@watchpost/contracts/wire';
import { timePolicy } from './policy.ts';

/** Whether a capture time can be right at all: a clock in 1970 and one far ahead cannot. */
export function isPlausible(timeMs: number, nowMs: number): boolean {
  return timeMs >= wireLimits.earliestTimeMs && timeMs <= nowMs + wireLimits.maxFutureMs;
}

/** What is known of a gateway's clock besides what its events say. */
export interface ClockEstimate {
  /** Server time minus the gateway's clock, milliseconds; null when nothing is known. */
  readonly offsetMs: number | null;
  /**
   * By how much corrected times may be behind, because the server's clock was set after they were; see
   * `ClockSteps`.
   */
  readonly behindMs?: readonly number[];
}

/**
 * A time that was corrected by the server's clock before that was set, or after: the one nearest to
 * `receivedMs`. In doubt what is reported is of now, and pages.
 */
export function nearestTime(timeMs: number, receivedMs: number, behindMs: readonly number[] = []): number {
  const times = [timeMs, ...behindMs.map((ms) => timeMs + ms)];
  const awayMs = (ms: number) => Math.abs(receivedMs - ms);
  return times.reduce((nearest, ms) => (awayMs(ms) < awayMs(nearest) ? ms : nearest));
}

/** When an event was captured, as well as it can be told. */
export interface CorrectedTime {
  /** Milliseconds since the Unix epoch, by the server's clock. */
  readonly timeMs: number;
  /**
   * `measured`: the gateway said its offset. `estimated`: this side did. `clock`: the gateway's clock as it
   * is. `unknown`: none of them can be right, and the time is that of the arrival.
   */
  readonly by: 'measured' | 'estimated' | 'clock' | 'unknown';
}

/** The corrected time of an event: whatever is decided about the event uses nothing else. */
export function correctTime(
  event: Pick<WatchpostEvent, 'time' | 'clockoffset' | 'clocksource'>,
  receivedMs: number,
  { offsetMs, behindMs }: ClockEstimate,
): CorrectedTime {
  const clockMs = Date.parse(event.time);
  const nearest = (timeMs: number) => nearestTime(timeMs, receivedMs, behindMs);
  const measured = event.clocksource === 'none' ? undefined : event.clockoffset;
  const candidates: CorrectedTime[] = [];
  if (measured !== undefined) candidates.push({ timeMs: nearest(clockMs + measured), by: 'measured' });
  else if (offsetMs !== null && Math.abs(offsetMs) > timePolicy.clockWrongAboveMs)
    candidates.push({ timeMs: nearest(clockMs + offsetMs), by: 'estimated' });
  else candidates.push({ timeMs: clockMs, by: 'clock' });
  const corrected = candidates.find(({ timeMs }) => isPlausible(timeMs, receivedMs));
  return corrected ?? { timeMs: receivedMs, by: 'unknown' };
}
