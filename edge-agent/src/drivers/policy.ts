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

/** Devices that call the gateway; milliseconds unless a name says otherwise. */
export const hookPolicy = {
  /** A message may be dated so far from the corrected time, before or after. */
  windowMs: 5 * 60_000,
  /** Messages of one device that are remembered; more within the window are refused. */
  remembered: 1_000,
  /** Fewest characters of a key. */
  keyChars: 16,
  /** Waits between attempts to listen: the first, doubling to the longest. */
  retry: { firstMs: 500, maxMs: 30_000 },
  /** A stranger’s call shows in the state of the gateway for so long. */
  strayForMs: 60_000,
  server: {
    headersMs: 5_000,
    requestMs: 10_000,
    idleMs: 15_000,
    keepAliveMs: 5_000,
    headerBytes: 8 * 1024,
    bodyBytes: 64 * 1024,
    connections: 100,
    checkEveryMs: 2_000,
  },
} as const;

/** Modbus servers; milliseconds unless a name says otherwise. */
export const modbusPolicy = {
  /** A connection that does not come about within this time is given up. */
  connectMs: 4_000,
  /** An answer comes within this time, or not at all. */
  answerMs: 1_000,
  /** So many questions in a row without an answer: the device is lost, or, of all devices, the connection. */
  silences: 3,
  /** A device that does not answer is asked after growing pauses, up to this. */
  silentEveryMs: 60_000,
  /** Waits between attempts to connect: the first, doubling to the longest. */
  retry: { firstMs: 500, maxMs: 30_000 },
  /** A device whose value could not be read so many times as this, and for at least so long, is lost. */
  silentPolls: 10,
  leastSilenceMs: 30_000,
} as const;
