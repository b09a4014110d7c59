/** Something that is done when it is asked for, but never more often than its time. */
export interface Steady {
  /** At once when `gapMs` have passed since it was done last, otherwise as soon as they have. The shortest wish counts. */
  soon(gapMs?: number): void;
  stop(): void;
}

/** @param everyMs between two times that `act` is done, at least, unless a call says otherwise */
export function steady(
  everyMs: number,
  act: () => void,
  monotonicMs: () => number = () => performance.now(),
): Steady {
  let lastMs = Number.NEGATIVE_INFINITY;
  let dueMs = Number.POSITIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = () => {
    clearTimeout(timer);
    dueMs = Number.POSITIVE_INFINITY;
    lastMs = monotonicMs();
    act();
  };
  return {
    soon: (gapMs = everyMs) => {
      const wishedMs = lastMs + gapMs;
      if (wishedMs >= dueMs) return;
      clearTimeout(timer);
      const waitMs = wishedMs - monotonicMs();
      if (waitMs <= 0) {
        now();
        return;
      }
      dueMs = wishedMs;
      timer = setTimeout(now, waitMs);
    },
    stop: () => clearTimeout(timer),
  };
}
