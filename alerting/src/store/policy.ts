/** How long a statement of a database server may take, milliseconds. */
export interface StatementLimits {
  /** After this the server gives it up. */
  readonly runMs: number;
  /** After this the connection is given up, because no answer came: a little more. */
  readonly answerMs: number;
  /**
   * A transaction in which nothing happens for so long is given up by the server: whoever stands still, or is
   * gone, keeps nobody waiting. Missing: never.
   */
  readonly idleMs?: number;
}

/** Numbers of the store that somebody may want to change, milliseconds unless their name says otherwise. */
export interface StorePolicy {
  /** A statement of the embedded database that runs longer is a warning of the health page. */
  readonly slowStatementMs: number;
  /** How long the health page shows the warning after the last slow statement. */
  readonly slowShownMs: number;
  /**
   * Pauses between attempts to open an embedded database again whose thread ended; double up to the largest.
   */
  readonly reopenMs: { readonly first: number; readonly largest: number };
  /** How long a database may take to close before its thread is ended. */
  readonly closeWithinMs: number;
  /** Connections to a database server. */
  readonly connections: number;
  readonly connectWithinMs: number;
  /** An idle connection is closed after this. */
  readonly idleMs: number;
  readonly statement: StatementLimits;
  /**
   * Of jobs that delete and refresh much at once, on a connection of their own; `answerMs` is also the limit
   * of the embedded database.
   */
  readonly jobStatement: StatementLimits;
  /** How often an embedded database writes a checkpoint. */
  readonly checkpointEveryMs: number;
  /** Of leases of gateways, which are short themselves. */
  readonly leaseStatement: StatementLimits;
  /** Of migrations, which may write a table anew. */
  readonly migrationStatement: StatementLimits;
}

/** The numbers in force. */
export const storePolicy: StorePolicy = {
  slowStatementMs: 250,
  slowShownMs: 60_000,
  reopenMs: { first: 200, largest: 5_000 },
  closeWithinMs: 10_000,
  connections: 8,
  connectWithinMs: 5_000,
  idleMs: 30_000,
  statement: { runMs: 30_000, answerMs: 35_000, idleMs: 3_000 },
  jobStatement: { runMs: 600_000, answerMs: 605_000 },
  checkpointEveryMs: 300_000,
  leaseStatement: { runMs: 2_000, answerMs: 2_500, idleMs: 2_000 },
  migrationStatement: { runMs: 3_600_000, answerMs: 3_605_000 },
};

/** How long a proof that the chain is whole is kept, milliseconds. */
export const canaryKeptMs = 3_600_000;

/** Messages that could not be processed. */
export const rejectPolicy = {
  /**
   * Bytes kept of a rejected message: most of an event, but less than a picture or the smallest face template
   * that is in use (128 numbers of 32 bits), whatever a broken gateway sends (privacy rule 4).
   */
  payloadBytes: 480,
  /** Rows kept of a site; older ones go, their counts stay. */
  rows: 10_000,
  /** Characters kept of its topic, and of the path to what was wrong. */
  textCharacters: 256,
} as const;

/** History. */
export const historyPolicy = {
  /** Of the newest alerts so many are read for a text before indexes are asked. */
  readAtMost: 1_000,
} as const;

/** Statements that a database server is to keep ready, for each connection. */
export const preparedPolicy = {
  statements: 400,
  /** Texts that came once, by which it is known when one comes again. */
  remembered: 1_000,
} as const;

/** Characters of a slow statement in the log. */
export const shownStatementCharacters = 120;

/** Resolved alerts that nobody touched, closed in one go. */
export const closedAtOnce = 200;

/** Changes of alerts that retention deletes in one transaction. */
export const changesForgottenAtOnce = 5_000;

/** Copies of a database. */
export const copyPolicy = {
  /** Copies of before an upgrade that an embedded database keeps. */
  copiesKept: 2,
  /** How often a copy that a checkpoint spoilt is made again. */
  attempts: 5,
  /** Pause before the next attempt, milliseconds. */
  pauseMs: 200,
  /** Free room that a copy leaves on its disk, bytes. */
  roomLeftBytes: 200 * 1024 * 1024,
  /** Pages of a table that an embedded database copies at once; 8 KiB each. */
  pagesAtOnce: 1_024,
  /** Bytes of rows that it takes in at once. */
  rowsAtOnceBytes: 4 * 1024 * 1024,
  /** Bytes of rows that wait in memory before a server is made to wait. */
  aheadBytes: 1024 * 1024,
} as const;

/** How an upgrade of a database server is reckoned. */
export const rehearsalPolicy = {
  /** Rows of each table that are read. */
  rowsRead: 20_000,
  /** Writing a table anew with its indexes takes so many times as long as reading it. */
  timesReading: 8,
} as const;
