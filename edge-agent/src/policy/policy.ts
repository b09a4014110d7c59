/** What counts as a second factor beside a face. */
export const secondFactorPolicy = {
  /**
   * How long an accepted pass counts for a face that is seen after it, where the server says nothing of it,
   * milliseconds.
   */
  passCountsMs: 30_000,
} as const;
