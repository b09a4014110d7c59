import { wireLimits } from '@watchpost/contracts';
import { z } from 'zod';

const whole = (min: number, max: number, standard: number) =>
  z.number().int().min(min).max(max).default(standard);

/** What one client may cost the others. Every number has a safe default. */
export const brokerLimitsSchema = z.strictObject({
  /** Largest packet in bytes, fixed header, topic and payload together. */
  packetBytes: whole(256, 256 * 1024 * 1024, wireLimits.payloadBytes + 1024),
  /** Largest packet before the client is admitted. */
  connectBytes: whole(64, 1024 * 1024, 8 * 1024),
  /** Milliseconds from the connection to CONNECT. */
  connectTimeoutMs: whole(50, 120_000, 10_000),
  connections: whole(1, 1_000_000, 5000),
  connectionsPerAddress: whole(1, 1_000_000, 1000),
  /** Levels of a topic or filter. */
  topicLevels: whole(5, 100, 16),
});
export type BrokerLimits = z.output<typeof brokerLimitsSchema>;
