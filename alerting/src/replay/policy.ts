/** Replays of stored events under other rules. */
export const replayPolicy = {
  /** Events read at once. */
  pageEvents: 2_000,
  /**
   * An event that came later than this after its capture is read beforehand; all others by capture time,
   * milliseconds.
   */
  timelyMs: 10 * 60_000,
  /** Events that came later than that, as far as they bear on alerts, that one replay takes. */
  lateEventsAtMost: 50_000,
  /** How long before the window something that came in it may have been captured, milliseconds. */
  lateByAtMostMs: 35 * 86_400_000,
  /** Late events are looked for in parts of the history so long, milliseconds. */
  latePartMs: 7 * 86_400_000,
  /** Events that wait at most for their turn in the order of their arrival. */
  orderedAtMost: 200_000,
  /** An event that came before somebody’s step may be committed so long after it, milliseconds. */
  overtakenMs: 10_000,
  /** Differences that are told one by one; all are counted. */
  differencesShown: 500,
  /** Longest window, milliseconds. */
  windowMs: 92 * 86_400_000,
  /** A request over HTTP takes so long at most, milliseconds. */
  requestMs: 25_000,
  /** … and one user may ask so often a minute. */
  perMinute: 6,
  /** A command waits so long for an answer before it asks again … */
  answerWithinMs: 20_000,
  /** … and one that does not ask for so long is gone, milliseconds. */
  forgottenAfterMs: 60_000,
  /** Replays at a time. */
  atOnce: 1,
} as const;
