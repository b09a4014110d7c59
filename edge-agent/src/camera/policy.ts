/**
 * Deadlines and limits of cameras; times in milliseconds. What an installer may want to change per camera is
 * in its configuration.
 */
export const cameraPolicy = {
  /** A camera’s address must take a connection within this. */
  connectMs: 4000,
  /** It must answer each request within this. */
  answerMs: 5000,
  /** From the start of a decoder to its first picture. */
  openWithinMs: 20_000,
  /**
   * Waits between attempts: the first, doubling to the longest; from the first again when a picture has come.
   */
  retry: { firstMs: 500, maxMs: 30_000 },
  /**
   * After a refused password the same one is tried again no sooner: cameras lock out for half an hour after a
   * few wrong ones.
   */
  passwordPauseMs: 6 * 3_600_000,
  /** A certificate that was refused is looked at again no sooner, unless what is asked of it changes. */
  certificatePauseMs: 300_000,
  /** Connections to a camera that FFmpeg may have at once over TLS. */
  tunnelConnections: 8,
  /** How often a password file is looked at for a change after its password or certificate was refused. */
  passwordLookMs: 5000,
  /** When a packet is left out before the decoder; see PacketQueueLimits. */
  queue: { skipAfterMs: 400, mostWaitMs: 2000, keyWithinMs: 5000, maxBytes: 24 * 1024 * 1024 },
  /** Pictures older than this when they are handed on mean that the gateway does not keep up. */
  behindMs: 3000,
  /** Largest JPEG of an MJPEG stream or snapshot. */
  maxJpegBytes: 16 * 1024 * 1024,
  /** Most snapshots a second that are asked for, whatever `fps` says. */
  maxSnapshotsPerSecond: 2,
  /** Without a picture for so long a decoder is started anew, unless the profile says otherwise. */
  silentAfterMs: 10_000,
  /** How often it is looked whether a decoder fell silent. */
  silenceLookMs: 500,
  /** How much of a live stream is looked at before it is decoded. */
  analyzeMs: 1000,
  /** Input failures in a row after which a source counts as lost. */
  inputFailures: 200,
  /** Tags of packets that a decoder may still hold back. */
  tagsKept: 256,
  /** Largest file with a password. */
  passwordBytes: 1024,
  /** How often it is looked whether a camera lost its picture. */
  tamperLookMs: 500,
} as const;

/** What is put where a picture is masked. */
export const maskPolicy = {
  /** Brightness, 0…255: neither a shadow nor a light. */
  grey: 128,
  /** Scaled pictures are masked so many pixels further: each of theirs holds something of the next. */
  scaledMargin: 1,
} as const;

/** When positions in a stream are believed; milliseconds. */
export const streamClockPolicy = {
  /** A position that did not rise for so long, while pictures came, says nothing about time. */
  stuckAfterMs: 1_000,
  /** Positions of pictures that lean on later ones come out of order by less than this. */
  reorderMs: 1_000,
  /** The least delay is looked for over twice this long, so that a camera's drift is followed. */
  windowMs: 30_000,
  /** A stream that claims to be later than this has its clock wrong. */
  mostLagMs: 60_000,
} as const;
