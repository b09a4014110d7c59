/**
 * Numbers of the flows service that somebody may want to change; milliseconds unless a name says otherwise.
 */
export const flowsPolicy = {
  /**
   * A node that never says that it is closed must not hold up a stop for longer (Node-RED itself waits 15 s
   * for it).
   */
  stopMs: 1_500,
} as const;

/** Alerts that come in. */
export const feedPolicy = {
  /**
   * Everything that is stored at the broker has come this long after a connection, also after a restart of
   * broker and alerting.
   */
  storedWithinMs: 120_000,
  /** Nodes of the stored flows listen this long after the first of them, at most. */
  nodesComeWithinMs: 5_000,
  /** At most this many problems are passed on per window; the rest is only counted. */
  problems: { count: 10, windowMs: 10_000 },
  /** Most alerts that are remembered; the oldest are forgotten first. */
  rememberedAlerts: 10_000,
  /**
   * Lines of the file of what was told that say nothing any more are dropped when there are so many more of
   * them than alerts.
   */
  idleLinesAtMost: 5_000,
} as const;
