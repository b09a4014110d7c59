const minuteMs = 60_000;

/** How notices leave the server. Milliseconds unless the name says otherwise. */
export const outboxPolicy = {
  /** Between two looks at what waits that nobody asked for. */
  pollMs: 1_000,
  /** Nobody else sends a notice for so long after one began to: more than a try takes. */
  leaseMs: 30_000,
  /** Notices of one receiver that are looked at together: what was held back goes as one message. */
  lookedAt: 50,
  /** Messages of before that a message names. */
  followsAtMost: 20,
  /** Lines of a message that stands for several notices. */
  bundledLines: 20,
  /** In this window a receiver gets as many messages as its limit says. */
  capWindowMs: 10 * minuteMs,
  /** Before the end of its pause a receiver is tried so often at most because its server works for others. */
  hurriedApartMs: 30_000,
  /** A receiver that fails for longer, and a notice that waits for longer, are a fault of the health page. */
  failingAboveMs: 5 * minuteMs,
  /** Between two looks at how much waits. */
  countEveryMs: 10_000,
} as const;

/** Who manages receivers. */
export const receiverPolicy = {
  /** Receivers of a site. */
  atMost: 200,
  /** A test is over by then, milliseconds. */
  testWithinMs: 15_000,
  /** Requests of one person. */
  perMinute: { reading: 120, changing: 60, testing: 10 },
} as const;
