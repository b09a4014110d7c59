/**
 * A growing pause with jitter, in milliseconds: attempt 0 waits about `firstMs`, doubling up to `maxMs`; ±25
 * % so that many clients do not come back at once. `random` is in 0..1.
 */
export function backoffMs(attempt: number, firstMs: number, maxMs: number, random: number): number {
  return Math.round(Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30)) * (0.75 + 0.5 * random));
}
