import { brokerSectionSchema } from '@watchpost/contracts/site/policy-broker';
import { z } from 'zod';

const MiB = 1024 * 1024;
const hourMs = 3_600_000;

const times = {
  connectTimeout: true,
  outboundStall: true,
  sessionGrace: true,
  sessionExpiry: true,
  offlineKept: true,
} as const;
const standard = brokerSectionSchema.parse({});
const ms = (least: number, most: number, otherwise: number) =>
  z.number().int().min(least).max(most).default(otherwise);

/**
 * What one client may cost the others, as the broker’s configuration says it: the numbers of `policy.broker`,
 * times in milliseconds.
 */
export const brokerLimitsSchema = z.strictObject({
  ...brokerSectionSchema.omit(times).shape,
  connectTimeoutMs: ms(50, 120_000, standard.connectTimeout),
  outboundStallMs: ms(100, 600_000, standard.outboundStall),
  sessionGraceMs: ms(0, 24 * hourMs, standard.sessionGrace),
  sessionExpiryMs: ms(1000, 30 * 24 * hourMs, standard.sessionExpiry),
  offlineAgeMs: ms(1000, 30 * 24 * hourMs, standard.offlineKept),
});
export type BrokerLimits = z.output<typeof brokerLimitsSchema>;

/** Of the demo broker: wide, because suites try what a site would not. */
export const demoLimits = {
  packetBytes: 16 * MiB,
  connectBytes: 256 * 1024,
  connectsPerSecond: 100_000,
  messagesPerSecond: 1_000_000,
  bytesPerSecond: 1024 * MiB,
  telemetryPerSecond: 1_000_000,
  telemetryBytesPerSecond: 1024 * MiB,
  inflightInbound: 65_535,
  outboundBytes: 64 * MiB,
  outboundTotalBytes: 256 * MiB,
  offlineMessages: 60_000,
  offlineTelemetry: 60_000,
  telemetryInFlight: 60_000,
  outboundTelemetryBytes: 64 * MiB,
  offlineBytes: 64 * MiB,
  offlineTotalBytes: 256 * MiB,
  topicLevels: 100,
  keepaliveSeconds: 65_535,
  subscriptionsPerClient: 10_000,
} as const;

/** The process as a whole; milliseconds. */
export const brokerPolicy = {
  /**
   * What was written already may take so long to go out when the broker stops, and so may what is on its way
   * to Redis.
   */
  stopMs: 1500,
  /** A log-out shall end an officer’s connection at once, not when the operator’s list is next looked at. */
  endedSessionsPollMs: 250,
  /** Old sessions are looked for at least this often; twice in the life of one that is shorter. */
  longestSweepMs: 60_000,
} as const;
