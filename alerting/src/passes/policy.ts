const hourMs = 3_600_000;

/** Numbers of the passes that a site issues. Milliseconds, unless their name says otherwise. */
export const passPolicy = {
  /** Longest time from now to the end of a pass: a leaked one is good no longer. */
  longestMs: 92 * 24 * hourMs,
  /** Most uses of one. */
  usesAtMost: 100,
  /** Passes of a site that are good, or will be, at once. */
  goodAtMost: 20_000,
  /** Uses that one answer shows. */
  usesShown: 200,
  /** The end of a pass that a gateway names counts no further ahead than this. */
  foreignEndMs: 400 * 24 * hourMs,
  /** Requests a minute of one address. */
  perMinute: { reading: 300, issuing: 60, links: 30 },
  /** Questions of the gateway door that are answered at once. */
  questionsAtOnce: 64,
} as const;
