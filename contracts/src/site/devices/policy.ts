/** What a device is told where its configuration says nothing; times in milliseconds. */
export const devicePolicy = {
  camera: {
    /** After which a camera counts as lost, frozen or covered. */
    tamper: { lostAfterMs: 30_000, frozenAfterMs: 20_000, coveredAfterMs: 15_000 },
    /** Masks of a camera, corners of one of them, and the share of the picture that they must leave. */
    masks: { most: 32, corners: 64, leastSeen: 0.05 },
    /** Parts of a camera’s picture that are other zones, and corners of one of them. */
    areas: { most: 16, corners: 64 },
    /** Lines of a camera, and how long one has to be, in parts of the picture. */
    lines: { most: 16, leastLength: 0.05 },
  },
} as const;
