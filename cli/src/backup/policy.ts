/** Numbers of backups that somebody may want to change. */
export const backupPolicy = {
  /** Bytes of one part of an archive before it is compressed and sealed: what is held in memory. */
  partBytes: 256 * 1024,
  /** How hard to compress, 1–9: beyond 3 it costs much and gains little on what we store. */
  compression: 3,
  /** Most bytes that a part may say it has; the manifest is one part, with some 200 bytes a file. */
  partBytesAtMost: 32 * 1024 * 1024,
  /** Most bytes of the head of an archive. */
  headBytes: 4_096,
  /** Most bytes of a file that is read as a whole: of all that a server keeps, none is near it. */
  fileBytes: 512 * 1024 * 1024,
  /** How often a file or database that changes while it is copied is tried. */
  attempts: 5,
  /** Pause before the next attempt, milliseconds. */
  pauseMs: 200,
  /** Free room that a copy leaves on the disk, bytes. */
  roomLeft: 200 * 1024 * 1024,
  /** Largest database that may become an embedded one: beyond it, its one connection is too slow. Bytes. */
  embeddedBytesAtMost: 4 * 1024 * 1024 * 1024,
} as const;

/** The archive that a start writes before it migrates a database server. */
export const beforeUpgradePolicy = {
  /**
   * Largest database of which a start writes an archive: more would keep a site without alerts for long.
   * Bytes.
   */
  databaseBytesAtMost: 20 * 1024 * 1024 * 1024,
  /** Free room that the archive leaves on its disk, bytes. */
  roomLeftBytes: 200 * 1024 * 1024,
  /** Archives that are kept, the newest. */
  archivesKept: 2,
} as const;
