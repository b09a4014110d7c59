/** Something that is done when it is asked for, but never more often than its time. */
export interface Steady {
  /** At once when its time is over, otherwise as soon as it is. */
  soon(): void;
  stop(): void;
}

/** @param everyMs between two times that `act` is done, at least */
export function steady(
  everyMs: number,
  act: () => void,
  monotonicMs: () => number = () => performance.now(),
): Steady {
  let lastMs = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = () => {
    clearTimeout(timer);
    timer = undefined;
    lastMs = monotonicMs();
    act();
  };
  return {
    soon: () => {
      if (timer !== undefined) return;
      const waitMs = lastMs + everyMs - monotonicMs();
      if (waitMs <= 0) now();
      else timer = setTimeout(now, waitMs);
    },
    stop: () => clearTimeout(timer),
  };
}
