/** Numbers of the gateway that somebody may want to change, apart from the machinery that obeys them. */
export const clockPolicy = {
  /** An offset above this is a health error of the gateway, milliseconds. */
  wrongAboveMs: 5_000,
  /** Receipts of which the quickest gives the offset. */
  samples: 16,
  /**
   * Older samples than this no longer count, while {@link leastSamples} newer ones are there, milliseconds.
   */
  sampleLifeMs: 600_000,
  leastSamples: 4,
  /** A receipt that is behind by more than this says that the server's clock was set back, milliseconds. */
  serverStepMs: 60_000,
  /** How often the last server time is written to disk, milliseconds. */
  keepEveryMs: 60_000,
  /**
   * An event that was captured longer than this before it was handed over had its time from a clock that
   * jumped, milliseconds.
   */
  longestHandoverMs: 60_000,
  /**
   * Events wait this long after a connection for the first receipt, so that their times can be corrected,
   * milliseconds.
   */
  waitForOffsetMs: 1_000,
} as const;

/** The proof that what the gateway says comes through; milliseconds. */
export const canaryPolicy = {
  /** The first one goes so long after the server told of it: the link is up by then. */
  firstAfterMs: 5_000,
} as const;

/** What keeps a gateway going without room on its disk. */
export const diskPolicy = {
  /**
   * A file of this size is given up when the disk is full, so that confirmed events can be deleted, bytes.
   */
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

/** The gateway as a whole; milliseconds. */
export const agentPolicy = {
  /** Longest time that stopping may take before the process ends anyway. */
  stopWithinMs: 1_800,
  /** How often devices that fell silent, and troubles of the gateway, are looked for. */
  roundMs: 1_000,
} as const;

/** Events on their way; milliseconds unless a name says otherwise. */
export const sendPolicy = {
  /** Messages that the broker has not acknowledged. */
  messages: 4,
  /** Events sent in order but not covered by a receipt. */
  events: 2_000,
  /** First wait for a receipt before sending again; doubles up to `maxTimeoutMs`. */
  timeoutMs: 1_000,
  maxTimeoutMs: 30_000,
  /** How often waiting events are looked at. */
  tickMs: 500,
  /** For how long receipts must be behind our watermark until the store counts as having forgotten. */
  forgottenAfterMs: 30_000,
  /** Share of the outbox that only urgent events may use. */
  urgentReserve: 0.1,
} as const;

/** Pictures that somebody asks for. */
export const stillPolicy = {
  /** The next frame must come within this, milliseconds: cameras that save give one in some seconds. */
  frameMs: 6_000,
  /** For bringing it to the door, milliseconds. */
  sendMs: 8_000,
  /** Of the JPEG, 1–100. */
  quality: 80,
} as const;

/** What the gateway is told through the gateway door; milliseconds. */
export const toldPolicy = {
  /** The door must answer within this. */
  answerMs: 30_000,
  /** Pauses after failures: the first, doubling to the longest, for ever. */
  retry: { firstMs: 1_000, maxMs: 300_000 },
  /** A gallery must have come within this: some hundred megabytes over a slow line. */
  galleryMs: 600_000,
  /** Entries of one receipt of an erasure; the door takes no more. */
  receiptEntries: 100,
  /** A server that announces says something more often than this. */
  liveForMs: 60_000,
} as const;

/** What the gateway says of itself; milliseconds. */
export const statePolicy = {
  /** Longest time between two state messages. */
  everyMs: 30_000,
  /** Changes within this time make one state message. */
  settleMs: 250,
} as const;

/** Measurements. */
export const telemetryPolicy = {
  /** Records of one pack; RFC 8428 sets no limit, our contract does. */
  packRecords: 250,
  /** Measurements that are kept while the broker is away. */
  kept: 5_000,
} as const;

/** Codes that are shown to cameras and readers; milliseconds unless a name says otherwise. */
export const codePolicy = {
  /**
   * Rejections a minute that one device reports: somebody flashing made-up codes must not fill the outbox.
   */
  rejectionsPerMinute: 60,
  /** How long a code held in front of a camera may flicker out of view and still be the same showing. */
  cameraHoldMs: 5_000,
  /** A reader in presentation mode repeats itself; a second deliberate scan comes later than this. */
  readerHoldMs: 1_000,
  /**
   * No hand is as fast; what is faster is noise on the line or an attack, and each pass costs a signature
   * check.
   */
  scansPerSecond: 20,
} as const;

/** Counts of pass uses. */
export const redemptionPolicy = {
  /** A pass that expired longer ago cannot be accepted any more, whatever the clock's tolerance. Seconds. */
  forgetAfterS: 86_400,
  /** Most passes that are remembered at once (about 10 MB). */
  remembered: 100_000,
} as const;

/** Questions whether a pass may be used once more; milliseconds unless a name says otherwise. */
export const passUsePolicy = {
  /** Nobody waits longer at a gate: without an answer the gateway goes by itself. */
  answerMs: 300,
  /** For telling what was let in without one. */
  tellMs: 10_000,
  /** Pauses between attempts to tell: the first, doubling to the longest, for ever. */
  retry: { firstMs: 1_000, maxMs: 60_000 },
  /**
   * How many are told in a round, with the first pause between two: the door has a limit, and what is asked
   * at a gate meanwhile comes first.
   */
  toldAtOnce: 5,
  /** Most uses that wait to be told; beyond that no pass is taken without an answer. */
  waiting: 10_000,
  /** Passes of which it is remembered that a question had no answer. */
  unanswered: 1_000,
} as const;

/** Faces. */
export const facePolicy = {
  /** Abstentions are for statistics: a few a minute tell as much as hundreds. */
  abstainsPerMinute: 6,
} as const;
