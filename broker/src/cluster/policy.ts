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
