/** Scanners on a serial line or the network; milliseconds. */
export const scannerPolicy = {
  /** A connection that does not come about within this time is said to be lost; the attempt goes on. */
  openWithinMs: 5_000,
  /** Waits between attempts: the first, doubling to the longest. */
  retry: { firstMs: 500, maxMs: 30_000 },
  /** A reader that is switched off without a word is noticed by the system's probes, the first after this. */
  keepAliveMs: 10_000,
} as const;

/** Devices behind Zigbee2MQTT. */
export const zigbeePolicy = {
  /**
   * Silence after which a device counts as lost, milliseconds: devices with a battery report at least once a
   * day, and Zigbee2MQTT itself gives them 25 hours.
   */
  silentAfterMs: 26 * 3_600_000,
  /** A battery below it is low, percent, where the device does not say so itself. */
  lowPercent: 15,
} as const;
