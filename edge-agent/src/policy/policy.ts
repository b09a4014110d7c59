/** What counts as a second factor beside a face. */
export const secondFactorPolicy = {
  /** How long an accepted pass counts for a face that is seen after it, milliseconds. */
  passCountsMs: 30_000,
} as const;
