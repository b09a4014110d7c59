/** Limits of the wire, in one place so that sender, broker and receiver agree. */
export const wireLimits = {
  /** Largest MQTT payload in bytes. */
  payloadBytes: 64 * 1024,
  /** Most events in one message. */
  batchEvents: 200,
  /** Most bytes of all extensions of one event that this version does not know, names included. */
  extensionBytes: 512,
  /** A capture time more than this many milliseconds ahead of the receiver's clock is implausible. */
  maxFutureMs: 5 * 60_000,
  /** Nothing was captured before this (2020-01-01); such a clock was never set. */
  earliestTimeMs: Date.UTC(2020, 0, 1),
  /** Largest document that a gateway fetches: its site part, its permit. */
  documentBytes: 4 * 1024 * 1024,
  /** Largest gallery that a gateway fetches: about 100,000 entries of 512 numbers. */
  galleryBytes: 256 * 1024 * 1024,
  /** Longest free text in an event, in UTF-16 units. */
  textChars: 500,
} as const;
