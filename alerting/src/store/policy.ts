/** Numbers of the store that somebody may want to change, milliseconds. */
export interface StorePolicy {
  /** A statement of the embedded database that runs longer is a warning of the health page. */
  readonly slowStatementMs: number;
  /** How long the health page shows the warning after the last slow statement. */
  readonly slowShownMs: number;
  /** Pauses between attempts to open an embedded database again whose thread ended; double up to the largest. */
  readonly reopenMs: { readonly first: number; readonly largest: number };
  /** How long a database may take to close before its thread is ended. */
  readonly closeWithinMs: number;
}

export const storePolicy: StorePolicy = {
  slowStatementMs: 250,
  slowShownMs: 60_000,
  reopenMs: { first: 200, largest: 5_000 },
  closeWithinMs: 10_000,
};
