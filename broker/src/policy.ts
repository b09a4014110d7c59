import { wireLimits } from '@watchpost/contracts/wire';
import { z } from 'zod';

const whole = (min: number, max: number, standard: number) =>
  z.number().int().min(min).max(max).default(standard);

const MiB = 1024 * 1024;
const hourMs = 3_600_000;

/** What one client may cost the others. Every number has a safe default. */
export const brokerLimitsSchema = z.strictObject({
  /** Largest packet in bytes, fixed header, topic and payload together. */
  packetBytes: whole(256, 256 * MiB, wireLimits.payloadBytes + 1024),
  /** Largest packet before the client is admitted. */
  connectBytes: whole(64, MiB, 8 * 1024),
  /** Milliseconds from the connection to CONNECT, handshake of TLS or WebSocket included. */
  connectTimeoutMs: whole(50, 120_000, 10_000),
  connections: whole(1, 1_000_000, 5000),
  connectionsPerAddress: whole(1, 1_000_000, 1000),
  /**
   * New connections per second that are let in, a fiftieth of them at once; more wait, one address after the
   * other.
   */
  connectsPerSecond: whole(1, 1_000_000, 200),
  /** Packets and bytes per second of one client; above, its connection is read more slowly. */
  messagesPerSecond: whole(1, 10_000_000, 5000),
  bytesPerSecond: whole(1024, 10_000 * MiB, 16 * MiB),
  /**
   * Telemetry messages and bytes per second of one principal, whatever number of connections it has; some
   * seconds’ worth at once. What is more is not passed on: measurements may be lost, and must not stand
   * before an alarm.
   */
  telemetryPerSecond: whole(1, 10_000_000, 100),
  telemetryBytesPerSecond: whole(1024, 10_000 * MiB, MiB),
  /** QoS 2 messages of one client between PUBLISH and PUBREL. */
  inflightInbound: whole(1, 65_535, 100),
  /** Bytes that wait for a client that reads slowly, and how long it may read nothing; then it is closed. */
  outboundBytes: whole(64 * 1024, 1024 * MiB, 16 * MiB),
  outboundStallMs: whole(100, 600_000, 20_000),
  /**
   * Bytes that may wait for a client before it gets no more telemetry, and telemetry messages it has not
   * acknowledged.
   */
  outboundTelemetryBytes: whole(1024, 1024 * MiB, 256 * 1024),
  telemetryInFlight: whole(1, 60_000, 256),
  /** Sessions that outlive their connection, and how long. */
  sessions: whole(1, 1_000_000, 5000),
  /** How long a session outlives the token or certificate of its client: time to come back with a new one. */
  sessionGraceMs: whole(0, 24 * hourMs, 60_000),
  sessionExpiryMs: whole(1000, 30 * 24 * hourMs, 24 * hourMs),
  /** Messages not yet acknowledged by one session. */
  offlineMessages: whole(1, 60_000, 4096),
  offlineBytes: whole(1024, 1024 * MiB, 4 * MiB),
  /** How many of them may be telemetry while the client is away. */
  offlineTelemetry: whole(1, 60_000, 1024),
  /** All sessions together. */
  offlineTotalBytes: whole(1024, 100_000 * MiB, 64 * MiB),
  offlineAgeMs: whole(1000, 30 * 24 * hourMs, 24 * hourMs),
  retainedMessages: whole(1, 10_000_000, 20_000),
  retainedBytes: whole(1024, 10_000 * MiB, 8 * MiB),
  /** Levels of a topic or filter. */
  topicLevels: whole(5, 100, 16),
  /** A client that asks for a longer keep-alive, or for none, is watched with this one. */
  keepaliveSeconds: whole(1, 65_535, 1200),
  subscriptionsPerClient: whole(1, 100_000, 100),
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
