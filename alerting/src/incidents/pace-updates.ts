/** When people were told of something the last time, or will be, and how many updates that were. */
export interface Told {
  readonly atMs: number;
  readonly updates: number;
}

/** How updates keep apart, milliseconds: so much after the first notice, then twice that, and so on. */
export interface UpdatePace {
  readonly first: number;
  readonly largest: number;
}

/**
 * When an update goes: with the one that waits already, at once when the last telling is long enough ago, or
 * when it is. Each makes the next one wait twice as long.
 */
export function paceUpdate(told: Told | undefined, nowMs: number, pace: UpdatePace): Told {
  if (!told) return { atMs: nowMs, updates: 0 };
  const pauseMs = Math.min(pace.largest, pace.first * 2 ** told.updates);
  // What lies further ahead than any pause is of before the clock was set back.
  const toldMs = Math.min(told.atMs, nowMs + pauseMs);
  if (toldMs > nowMs) return { atMs: toldMs, updates: told.updates };
  return { atMs: Math.max(nowMs, toldMs + pauseMs), updates: told.updates + 1 };
}
