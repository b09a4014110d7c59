/** When two gateways use the same identity. */
export const duplicatePolicy = {
  /** A gateway stays marked this long after two lives last alternated, milliseconds. */
  markMs: 10 * 60_000,
  /** Replaced lives of its outbox that are remembered for one gateway. */
  rememberedEpochs: 16,
} as const;

/** How limits of losses that a process before this one began to watch go on. Milliseconds. */
export const lossPolicy = {
  /** A broker that is there is connected to within this. */
  connectsWithinMs: 15_000,
  /** A gateway that is there says how it is within this: it does every 30 s. */
  speaksWithinMs: 35_000,
  /** Between two looks whether the gateway of a device that was suspected has spoken … */
  deviceWaitMs: 5_000,
  /** … and how many there are; then the gateway is lost, or says what is. */
  deviceWaits: 12,
} as const;
