import { parseTopic } from '@watchpost/contracts/wire';

const PUBLISH = 3;
const ending = '/telemetry';
const endingBytes = Buffer.from(ending);

/**
 * Whether what is published there are measurements, which have a budget of their own everywhere and may be
 * lost.
 */
export const isTelemetryTopic = (topic: string): boolean =>
  topic.endsWith(ending) && parseTopic(topic)?.name === 'telemetry';

/** What a PUBLISH packet says of itself before its payload. */
export interface PublishHeader {
  readonly topic: string;
  readonly qos: number;
  /** 0 for QoS 0. */
  readonly messageId: number;
}

/** The header of a whole, valid packet when it is a PUBLISH of telemetry (MQTT 3.1.1 §3.3). */
export function telemetryHeader(packet: Buffer): PublishHeader | undefined {
  const first = packet[0] ?? 0;
  if (first >> 4 !== PUBLISH) return undefined;
  let at = 1;
  while ((packet[at] ?? 0) & 0x80) at++;
  at++;
  if (packet.length < at + 2) return undefined;
  const end = at + 2 + packet.readUInt16BE(at);
  if (end - endingBytes.length < at + 2 || end > packet.length) return undefined;
  // looked at as bytes first: most packets are none
  if (packet.compare(endingBytes, 0, endingBytes.length, end - endingBytes.length, end) !== 0)
    return undefined;
  const topic = packet.toString('utf8', at + 2, end);
  if (!isTelemetryTopic(topic)) return undefined;
  const qos = (first >> 1) & 3;
  return { topic, qos, messageId: qos > 0 && packet.length >= end + 2 ? packet.readUInt16BE(end) : 0 };
}
