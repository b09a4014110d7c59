import { wireLimits } from '@watchpost/contracts';

/** An event older than this when it arrives fills history and maps, and pages nobody. */
export const lateAfterMs = 10 * 60_000;

/** Whether a capture time can be right at all: a clock in 1970 and one far ahead cannot. */
export function isPlausible(timeMs: number, nowMs: number): boolean {
  return timeMs >= wireLimits.earliestTimeMs && timeMs <= nowMs + wireLimits.maxFutureMs;
}

export function isLate(timeMs: number, receivedMs: number): boolean {
  return receivedMs - timeMs > lateAfterMs;
}
