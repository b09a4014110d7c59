/** Changes of a site from the browser. */
export const siteEditingPolicy = {
  /** How long the process that owns the files may take: it reads a large file in seconds. Milliseconds. */
  answerMs: 60_000,
  /** Bodies of changes, bytes: the walls of a plan take most. */
  bodyBytes: 256 * 1024,
  /** A minute, of one address. */
  perMinute: { reads: 120, plans: 60, applies: 30, secrets: 20, setups: 60 },
  /** Paths of a change that its audit entry names. */
  pathsNamed: 50,
} as const;
