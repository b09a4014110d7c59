/** Site files that are changed from the browser. */
export const siteFilesPolicy = {
  /** Versions that were read lately: of a change that comes too late both versions are kept. */
  versionsRemembered: 8,
  /**
   * Bytes of the file times edits where one edit depends on another: each reads the file anew, and the server
   * waits meanwhile.
   */
  editedBytes: 4 * 1024 * 1024,
  /** How long a request or its answer may take to arrive, milliseconds. */
  arrivalMs: 10_000,
  connections: 16,
} as const;
