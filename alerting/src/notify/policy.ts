/** Every number of notices. Durations in milliseconds, sizes in bytes. */
export const notifyPolicy = {
  /** One try, from the look-up of the name to the end of the answer. */
  deadlineMs: 10_000,
  /** Answers are read no further. */
  answerBytes: 64 * 1024,
  answerHeaderBytes: 16 * 1024,
  /** A receiver that asks for a longer pause is asked again after this. */
  pauseAtMostMs: 60 * 60_000,
  /** Pauses between tries where the receiver names none. */
  backOff: { firstMs: 1_000, maxMs: 5 * 60_000 },
} as const;
