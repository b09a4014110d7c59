const firstDelayMs = 500;
const longestDelayMs = 15_000;

/**
 * How long to wait before the next attempt, in milliseconds: doubling up to 15 s, with half of it random so
 * that the consoles of a site do not all come back at once.
 * @param attempt 0 for the first attempt after a loss
 * @param random 0…1
 */
export function reconnectDelayMs(attempt: number, random: number): number {
  const full = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempt, 10));
  return Math.round(full / 2 + (full / 2) * random);
}
