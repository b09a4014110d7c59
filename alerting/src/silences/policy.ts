const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Numbers of silences. Milliseconds, unless their name says otherwise. */
export const silencePolicy = {
  /** A silence ends no later than this after it begins; who needs it longer decides so again. */
  longestMs: 30 * dayMs,
  /** It begins no later than this from now. */
  aheadMs: 90 * dayMs,
  /** Its author is told so long before its end, or at a quarter of its time before it, if that is less. */
  noticeMs: hourMs,
  /** One alert is put off no longer than this. */
  snoozeMs: 12 * hourMs,
  /** Alerts that opened within this are looked at for what a silence would have hidden … */
  previewMs: 7 * dayMs,
  /** … so many at most. */
  previewAlerts: 20_000,
  /** Of a site, that have not ended. */
  atMost: 200,
  /** Alerts to which a silence is applied in one transaction: others wait meanwhile. */
  appliedAtOnce: 100,
  /** Ended silences, and alerts of one, that an answer shows. */
  endedShown: 200,
  alertsShown: 100,
  /** Requests a minute of one address. */
  perMinute: { reading: 300, changing: 60 },
} as const;
