/** When an unusual stretch of a series speaks. */
export const anomalyPolicy = {
  /** Score from which a series counts as unusual, and below which it is usual again. */
  speakFrom: 0.5,
  quietBelow: 0.3,
  /** Not more often than this, milliseconds. */
  quietMs: 60_000,
} as const;
