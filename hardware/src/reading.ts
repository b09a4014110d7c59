/** What a device said, whatever its driver. `timeMs` is in milliseconds since the epoch. */
export type Reading = { readonly device: string; readonly timeMs: number } & (
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'door'; readonly open: boolean }
  | { readonly kind: 'smoke'; readonly alarm: boolean }
  | { readonly kind: 'temperature'; readonly celsius: number }
);

/** A reading before the device and the time are put on it. */
export type ReadingValue =
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'door'; readonly open: boolean }
  | { readonly kind: 'smoke'; readonly alarm: boolean }
  | { readonly kind: 'temperature'; readonly celsius: number };

/** Time and timers, so that a simulator can be played without waiting. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `run` once after `delayMs`; the answer cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** The real clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
