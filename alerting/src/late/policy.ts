/** When people are told of events that came too late to alert. Milliseconds. */
export const latePolicy = {
  /** Nothing late came for so long: the backlog of every gateway is through. */
  quietMs: 30_000,
  /** Whatever still comes, nobody waits longer than this; the rest is in the next digest. */
  atMostMs: 10 * 60_000,
  /** Kinds of one gateway that are named; the others are counted together. */
  namedKinds: 6,
} as const;
