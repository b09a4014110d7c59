/** Exponential delay with jitter: attempt 0 waits about `firstMs`, doubling up to `maxMs`; ±25 % so that many gateways do not return at once. */
export function backoffMs(attempt: number, firstMs: number, maxMs: number, random: number): number {
  return Math.round(Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30)) * (0.75 + 0.5 * random));
}
