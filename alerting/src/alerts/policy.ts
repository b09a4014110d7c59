/** How the log of changes is followed. */
export const relayPolicy = {
  /** Between two looks at the log that nobody asked for, milliseconds. */
  everyMs: 1_000,
  /** Changes that wait in memory for a consumer that is busy; with more the log is read. */
  waitingAtMost: 1_000,
  /** Changes that are read at once. */
  pageChanges: 200,
  /** Publications that the broker has not acknowledged; beyond that none are made until it has. */
  unacknowledgedAtMost: 1_000,
} as const;
