/** How often something may be done (the generic cell rate algorithm, ITU-T I.371 Annex A). */
export interface Pace {
  /** Between two times in the long run, milliseconds. */
  readonly everyMs: number;
  /** So many may follow each other at once after a quiet while. */
  readonly atOnce: number;
}

/** Something that is done when it is asked for, but never more often than its paces. */
export interface Steady {
  /** At once when the pace allows it, otherwise as soon as it does. The most hurried wish counts. */
  soon(pace?: Pace): void;
  stop(): void;
}

/** @param usual the pace of calls that name none; every time counts for every pace */
export function steady(
  usual: Pace,
  act: () => void,
  monotonicMs: () => number = () => performance.now(),
): Steady {
  /** When each pace would be even again, if all had come evenly. */
  const even = new Map<Pace, number>([[usual, Number.NEGATIVE_INFINITY]]);
  let lastMs = Number.NEGATIVE_INFINITY;
  let dueMs = Number.POSITIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = () => {
    clearTimeout(timer);
    dueMs = Number.POSITIVE_INFINITY;
    lastMs = monotonicMs();
    for (const [pace, ms] of even) even.set(pace, Math.max(ms, lastMs) + pace.everyMs);
    act();
  };
  return {
    soon: (pace = usual) => {
      const evenMs = even.get(pace) ?? lastMs + pace.everyMs;
      even.set(pace, evenMs);
      const wishedMs = evenMs - (pace.atOnce - 1) * pace.everyMs;
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
