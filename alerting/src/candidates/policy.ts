/** Numbers of face candidates. */
export const candidatePolicy = {
  /**
   * By how much cosine a match must be higher for a tenth of the false-match rate: the slope of the default
   * recogniser between 1e-4 and 1e-5. From one step above the limit on a match is `clear`, from two `strong`.
   */
  tenfoldCosine: 0.065,
  /** “1 in so many” is said no further: nobody measured rarer matches. */
  oneInAtMost: 100_000,
  /** Fewer refused candidates of a camera say nothing about its threshold. */
  findingFrom: 3,
  /**
   * Refused candidates are more than expected when they exceed the expected number by so many standard
   * deviations of a count (Poisson).
   */
  aboveDeviations: 2,
  /** What a camera expects is noted so often, for the time since, at most so much. Milliseconds. */
  noteEveryMs: 10 * 60_000,
  notedAtMostMs: 15 * 60_000,
  /** Requests a minute of one address. */
  perMinute: { cards: 300, report: 60 },
  /** Closed alerts whose entry is forgotten in one transaction. */
  forgottenAtOnce: 100,
} as const;
