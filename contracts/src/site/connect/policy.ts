/** Limits of how devices are reached; times in milliseconds. */
export const connectPolicy = {
  /**
   * Longest time that a value may have to last before it counts; what is older is not judged by its own time.
   */
  longestDebounceMs: 30_000,
  /** Silence after which a sensor may count as lost: at least, and at most. */
  leastSilenceMs: 1_000,
  mostSilenceMs: 7 * 86_400_000,
  /** How often a value is read where a driver has to ask. */
  poll: { everyMs: 1_000, leastMs: 100, mostMs: 3_600_000 },
} as const;
