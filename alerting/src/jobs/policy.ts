const minuteMs = 60_000;

/** Limits that are watched. Milliseconds. */
export const schedulerPolicy = {
  /** Pause before what could not be written is tried again. */
  retryMs: 1_000,
} as const;

/** The jobs that run by themselves. Milliseconds. */
export const maintenancePolicy = {
  /** Between two looks at what is to be done. */
  everyMs: minuteMs,
  /** A resolved alert that nobody closed closes itself after this. */
  closeAfterMs: 24 * 60 * minuteMs,
  /** Between two times that what is older than its retention is deleted. */
  retainEveryMs: 24 * 60 * minuteMs,
  /** The same for changes of alerts that were no steps, of which a busy site makes many. */
  forgetChangesEveryMs: 60 * minuteMs,
} as const;

/** Work that waits in the database. Milliseconds. */
export const duePolicy = {
  /** Between two looks at the table that nobody asked for. */
  pollMs: 1_000 as number,
  /** Before a step is tried again that found somebody at work on the same thing. */
  busyPauseMs: 50 as number,
  /** Steps of one transaction: others wait for it where there is one connection. */
  stepsAtOnce: 50 as number,
  /** Pause before a step that failed is tried again; doubles up to the largest. */
  retryMs: { first: 1_000, largest: 300_000 },
  /** Who has not looked for so long, or leaves work lying for so long, is a fault. */
  behindAboveMs: 30_000 as number,
};
