/** When two gateways use the same identity. */
export const duplicatePolicy = {
  /** A gateway stays marked this long after two lives last alternated, milliseconds. */
  markMs: 10 * 60_000,
  /** Replaced lives of its outbox that are remembered for one gateway. */
  rememberedEpochs: 16,
} as const;
