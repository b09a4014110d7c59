/** What a device is told where its configuration says nothing; times in milliseconds. */
export const devicePolicy = {
  camera: {
    /** After which a camera counts as lost, frozen or covered. */
    tamper: { lostAfterMs: 30_000, frozenAfterMs: 20_000, coveredAfterMs: 15_000 },
  },
} as const;
