const minuteMs = 60_000;

/** Public warnings that come in. */
export const warningPolicy = {
  /** Of what a message says, that is kept and shown; characters. */
  textCharacters: 300,
  /** One that names no end is over after this, milliseconds. */
  lifeMs: 24 * 60 * minuteMs,
  /** How often it is looked whether one is over, milliseconds. */
  lookMs: 10_000,
  /** Messages of senders that nobody has looked at, of a site; the oldest make room. */
  quarantinedAtMost: 500,
  /** Senders that a site knows. */
  sendersAtMost: 200,
  /** Messages that one answer shows. */
  shown: 100,
  /** Kept for so long, days. */
  keptDays: 90,
  /** Requests of one program or person. */
  perMinute: { sending: 60, reading: 60, changing: 30 },
} as const;
