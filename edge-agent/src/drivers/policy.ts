/** Scanners on a serial line or the network; milliseconds. */
export const scannerPolicy = {
  /** A connection that does not come about within this time is said to be lost; the attempt goes on. */
  openWithinMs: 5_000,
  /** Waits between attempts: the first, doubling to the longest. */
  retry: { firstMs: 500, maxMs: 30_000 },
  /** A reader that is switched off without a word is noticed by the system's probes, the first after this. */
  keepAliveMs: 10_000,
} as const;
