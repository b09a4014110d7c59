const dayMs = 86_400_000;

/** Numbers of privacy rule 1 that a site's authority may want to set narrower. */
export const listPolicy = {
  /** Longest time from now to the end of an entry, milliseconds. */
  longestValidMs: { watch: 366 * dayMs, access: 2 * 366 * dayMs },
  /** An approval may be dated this much ahead of the clock that checks it, milliseconds. */
  clockSkewMs: 5 * 60_000,
  /** Fewest letters and digits of a legal basis, an authority or a purpose. */
  fewestLetters: 2,
} as const;
