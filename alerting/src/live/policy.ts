/** The event stream of the API. */
export const streamPolicy = {
  /** Between two heartbeats. The console gives a connection up after three that did not come. */
  heartbeatMs: 2_500,
  /** Changes that are kept for readers that were away; who missed more loads the lists. */
  keptMessages: 2_000,
  /**
   * Alerts of which a reader that comes back is told; together they must stay below what it may leave unread.
   */
  missedAtMost: 300,
  /** A reader that leaves this many bytes unread is dropped. */
  unreadBytesAtMost: 1024 * 1024,
  /** Between two counts of alerts, at least: counting reads all that is not closed. */
  countsEveryMs: 1_000,
  /** Sets of zones of which the counts are remembered, for people who are limited to them. */
  zoneCountsAtMost: 200,
} as const;
