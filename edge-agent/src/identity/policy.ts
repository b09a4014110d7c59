/** Claims and renewals; milliseconds unless a name says otherwise. */
export const claimPolicy = {
  /** The claim service must answer within this. */
  answerMs: 15_000,
  /** Largest answer. */
  answerBytes: 64 * 1024,
} as const;

/** How the certificate file is watched; milliseconds. */
export const certificatePolicy = {
  /** Longest time between two looks at the file. */
  lookEveryMs: 60_000,
  /** Shortest time before a renewal that is due. */
  shortestWaitMs: 250,
  /** How often a certificate is looked for that the server of this computer has claimed. */
  awaitEveryMs: 1_000,
} as const;

/** When a certificate is renewed; milliseconds unless a name says otherwise. */
export const renewalPolicy = {
  /**
   * Share of the life after which it is due, and how far apart gateways that were claimed together come, as a
   * share of it too.
   */
  dueAfter: 2 / 3,
  spread: 0.1,
  /** Waits after failures: the first, doubling to the longest, … */
  retry: { firstMs: 60_000, maxMs: 6 * 3_600_000 },
  /** … of the life that is left: a certificate that ends soon is not waited for with the longest pause. */
  retryShare: 0.1,
  shortestRetryMs: 1_000,
  /** It expires soon when less than one part in so many of its life is left. */
  soonOneIn: 6,
} as const;
