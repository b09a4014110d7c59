/** The link to the Redis of a cluster; milliseconds unless a name says otherwise. */
export const redisPolicy = {
  /** For a connection, and for the answer to a command. */
  commandTimeoutMs: 5000,
  /** Pauses between attempts to connect: doubling from the first one to the longest. */
  retry: { firstMs: 20, longestMs: 1000 },
  /** How long a read of the bus waits for the next entry. */
  busWaitMs: 1000,
  /** Entries of the bus that are read at once. */
  busBatch: 512,
} as const;

/** The brokers of a cluster among themselves. */
export const clusterPolicy = {
  /** Signs of life while the others would wait for one, before they take a node for dead. */
  beatsPerDeadline: 5,
  /** Pause before the state of the cluster is read again when that failed, milliseconds. */
  beginAgainMs: 1000,
  /** A client that left while it connected is let go of so long after, milliseconds. */
  closedEarlyMs: 1000,
  /** Entries that the bus holds, about; a node that is further behind begins anew. */
  busEntries: 20_000,
  /** Retained messages of `$SYS`, which each node has of its own, and their bytes. */
  ownRetained: { messages: 1000, bytes: 1_000_000 },
} as const;
