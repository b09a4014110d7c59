const hourMs = 3_600_000;

/** Numbers of the load figures: milliseconds, unless their name says otherwise. */
export const loadPolicy = {
  /**
   * Length of a stretch, and how many alerts in it one position deals with (ISA-18.2: ten in ten minutes).
   */
  stretchMs: 600_000,
  alertsAtMost: 10,
  /** Longest time that one answer is about, and the one when nothing is said. */
  longestMs: 31 * 24 * hourMs,
  usualMs: 24 * hourMs,
  /** An alert that is unresolved for so long is stale. */
  staleMs: 24 * hourMs,
  /** Events a minute of an alert that chatters. */
  chatterPerMinute: 3,
  /** Devices that a list shows. */
  sourcesAtMost: 10,
  /** Who had a shift, at least: figures of one person are nobody’s to see. */
  peopleAtLeast: 2,
  perMinute: 30,
} as const;
