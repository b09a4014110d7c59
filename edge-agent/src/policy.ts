/** Numbers of the gateway that somebody may want to change, apart from the machinery that obeys them. */
export const clockPolicy = {
  /** An offset above this is a health error of the gateway, milliseconds. */
  wrongAboveMs: 5_000,
  /** Receipts of which the quickest gives the offset. */
  samples: 16,
  /** Older samples than this no longer count, while {@link leastSamples} newer ones are there, milliseconds. */
  sampleLifeMs: 600_000,
  leastSamples: 4,
  /** A receipt that is behind by more than this says that the server's clock was set back, milliseconds. */
  serverStepMs: 60_000,
  /** How often the last server time is written to disk, milliseconds. */
  keepEveryMs: 60_000,
  /** An event that was captured longer than this before it was handed over had its time from a clock that jumped, milliseconds. */
  longestHandoverMs: 60_000,
  /** Events wait this long after a connection for the first receipt, so that their times can be corrected, milliseconds. */
  waitForOffsetMs: 1_000,
} as const;

/** What keeps a gateway going without room on its disk. */
export const diskPolicy = {
  /** A file of this size is given up when the disk is full, so that confirmed events can be deleted, bytes. */
  reserveBytes: 4 * 1024 * 1024,
  /** Most bytes of urgent events that wait in memory while the disk takes none. */
  memoryBytes: 16 * 1024 * 1024,
  /** How often a full or unwritable disk is tried again, milliseconds. */
  retryMs: 5_000,
} as const;

/** How long a command's answer is remembered, so that no repeat is carried out twice. */
export const commandPolicy = {
  /** Answers that are kept, over restarts too. */
  remembered: 256,
} as const;

/** Events that left and got no receipt end the connection: the broker may have lost the way to the store. */
export const receiptPolicy = {
  /** First wait, milliseconds; the store commits within seconds. */
  withinMs: 60_000,
  /** The wait doubles with each connection that brought none, up to this, milliseconds. */
  atMostMs: 600_000,
} as const;
