import { z } from 'zod';
import { wireLimits } from '../wire/limits.ts';
import { durationSchema } from './duration.ts';

const MiB = 1024 * 1024;
const whole = (least: number, most: number, otherwise: number) =>
  z.number().int().min(least).max(most).default(otherwise);

/** What one client of the server’s broker may cost the others: `policy.broker` of a server file. */
export const brokerSectionSchema = z.strictObject({
  /** Largest packet in bytes, fixed header, topic and payload together. */
  packetBytes: whole(256, 256 * MiB, wireLimits.payloadBytes + 1024),
  /** Largest packet before the client is admitted. */
  connectBytes: whole(64, MiB, 8 * 1024),
  /** From the connection to CONNECT, handshake of TLS or WebSocket included. */
  connectTimeout: durationSchema('50ms', '2m').prefault('10s'),
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
  /** Such bytes of all clients together; above, whoever has most of them is closed. */
  outboundTotalBytes: whole(64 * 1024, 100_000 * MiB, 128 * MiB),
  outboundStall: durationSchema('100ms', '10m').prefault('20s'),
  /**
   * Bytes that may wait for a client before it gets no more telemetry, and telemetry messages it has not
   * acknowledged.
   */
  outboundTelemetryBytes: whole(1024, 1024 * MiB, 256 * 1024),
  telemetryInFlight: whole(1, 60_000, 256),
  /** Sessions that outlive their connection, and how long. */
  sessions: whole(1, 1_000_000, 5000),
  /** How long a session outlives the token or certificate of its client: time to come back with a new one. */
  sessionGrace: durationSchema('0s', '24h').prefault('60s'),
  sessionExpiry: durationSchema('1s', '30d').prefault('24h'),
  /** Messages not yet acknowledged by one session. */
  offlineMessages: whole(1, 60_000, 4096),
  offlineBytes: whole(1024, 1024 * MiB, 4 * MiB),
  /** How many of them may be telemetry while the client is away. */
  offlineTelemetry: whole(1, 60_000, 1024),
  /** All sessions together. */
  offlineTotalBytes: whole(1024, 100_000 * MiB, 64 * MiB),
  offlineKept: durationSchema('1s', '30d').prefault('24h'),
  retainedMessages: whole(1, 10_000_000, 20_000),
  retainedBytes: whole(1024, 10_000 * MiB, 8 * MiB),
  /** Levels of a topic or filter. */
  topicLevels: whole(5, 100, 16),
  /** A client that asks for a longer keep-alive, or for none, is watched with this one. */
  keepaliveSeconds: whole(1, 65_535, 1200),
  subscriptionsPerClient: whole(1, 100_000, 100),
});
export type BrokerSection = z.output<typeof brokerSectionSchema>;
