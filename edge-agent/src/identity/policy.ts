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
} as const;
