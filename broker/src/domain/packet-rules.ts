import { WatchpostError } from '@watchpost/contracts/errors';
import { isTopicFilter, isTopicName } from '@watchpost/contracts/wire';

/** CONNECT asks for a protocol level that we do not speak: to be answered with CONNACK 1 ([MQTT-3.1.2-2]). */
export class UnknownProtocolLevel extends WatchpostError {
  constructor(level: number) {
    super('broker.malformed_packet', { details: { statement: 'MQTT-3.1.2-2', level } });
  }
}

/** MQTT 3.1.1 §2.2: flags that the fixed header of each packet type must carry; PUBLISH has its own. */
const requiredFlags: Readonly<Record<number, number>> = {
  1: 0,
  4: 0,
  5: 0,
  6: 2,
  7: 0,
  8: 2,
  10: 2,
  12: 0,
  14: 0,
};

/**
 * Checks one whole packet from a client against the normative statements of MQTT 3.1.1; `details.statement`
 * of the error names the one that it breaks. What was not checked here, the parser of the engine would guess.
 * @throws WatchpostError `broker.malformed_packet`
 */
export function checkPacket(packet: Buffer): void {
  const first = packet[0] ?? 0;
  const type = first >> 4;
  const body = new Reader(packet, headerBytes(packet));
  if (type === 3) {
    checkPublish(first & 0x0f, body);
    return;
  }
  if (requiredFlags[type] !== (first & 0x0f)) {
    const disconnect = type === 14;
    throw broken(disconnect ? 'MQTT-3.14.1-1' : 'MQTT-2.2.2-2');
  }
  if (type === 1) checkConnect(body);
  else if (type === 8 || type === 10) checkFilters(body, type === 8);
  else if (type >= 4 && type <= 7) body.packetId();
  body.end();
}

function checkPublish(flags: number, body: Reader): void {
  const qos = (flags >> 1) & 3;
  if (qos === 3) throw broken('MQTT-3.3.1-4');
  if (qos === 0 && (flags & 8) !== 0) throw broken('MQTT-3.3.1-2');
  const topic = body.text('MQTT-3.3.2-1');
  if (topic.length === 0) throw broken('MQTT-4.7.3-1');
  if (!isTopicName(topic)) throw broken('MQTT-3.3.2-2');
  if (qos > 0) body.packetId();
}

function checkFilters(body: Reader, withQos: boolean): void {
  body.packetId();
  if (body.left === 0) throw broken(withQos ? 'MQTT-3.8.3-3' : 'MQTT-3.10.3-2');
  while (body.left > 0) {
    const filter = body.text(withQos ? 'MQTT-3.8.3-1' : 'MQTT-3.10.3-1');
    if (filter.length === 0) throw broken('MQTT-4.7.3-1');
    if (!isTopicFilter(filter)) throw broken('MQTT-4.7.1-2');
    if (withQos && body.byte() > 2) throw broken('MQTT-3.8.3-4');
  }
}

function checkConnect(body: Reader): void {
  const name = body.text('MQTT-3.1.2-1');
  const level = body.byte();
  if (name !== 'MQTT' && name !== 'MQIsdp') throw broken('MQTT-3.1.2-1');
  if (level !== (name === 'MQTT' ? 4 : 3)) throw new UnknownProtocolLevel(level);
  const flags = body.byte();
  const has = (bit: number): boolean => (flags & bit) !== 0;
  const willQos = (flags >> 3) & 3;
  if (has(1)) throw broken('MQTT-3.1.2-3');
  if (willQos === 3) throw broken('MQTT-3.1.2-14');
  if (!has(4) && willQos > 0) throw broken('MQTT-3.1.2-13');
  if (!has(4) && has(32)) throw broken('MQTT-3.1.2-15');
  if (!has(128) && has(64)) throw broken('MQTT-3.1.2-22');
  body.bytes(2); // keep alive
  body.text('MQTT-3.1.3-4');
  if (has(4)) {
    const topic = body.text('MQTT-3.1.3-10');
    if (topic.length === 0) throw broken('MQTT-4.7.3-1');
    if (!isTopicName(topic)) throw broken('MQTT-4.7.1-1');
    body.binary();
  }
  if (has(128)) body.text('MQTT-3.1.3-11');
  if (has(64)) body.binary();
}

/** Bytes of the fixed header; the framer has made sure that its length is complete. */
function headerBytes(packet: Buffer): number {
  let bytes = 2;
  while (bytes < 5 && (packet[bytes - 1] ?? 0) >= 0x80) bytes++;
  return bytes;
}

class Reader {
  readonly #packet: Buffer;
  #at: number;

  constructor(packet: Buffer, at: number) {
    this.#packet = packet;
    this.#at = at;
  }

  get left(): number {
    return this.#packet.length - this.#at;
  }

  bytes(count: number): Buffer {
    if (this.left < count) throw broken('MQTT-4.8.0-1');
    this.#at += count;
    return this.#packet.subarray(this.#at - count, this.#at);
  }

  byte(): number {
    return this.bytes(1)[0] ?? 0;
  }

  number(): number {
    return this.bytes(2).readUInt16BE(0);
  }

  packetId(): void {
    if (this.number() === 0) throw broken('MQTT-2.3.1-1');
  }

  binary(): Buffer {
    return this.bytes(this.number());
  }

  /** A string; `statement` is the one that wants it to be UTF-8. */
  text(statement: string): string {
    const bytes = this.binary();
    const text = bytes.toString('utf8');
    // lenient decoding puts U+FFFD where something is wrong, but the character may also be meant
    if (text.includes('\ufffd') && !isUtf8(bytes)) throw broken(statement, 'MQTT-1.5.3-1');
    if (text.includes('\0')) throw broken('MQTT-1.5.3-2');
    return text;
  }

  /** Nothing may follow. */
  end(): void {
    if (this.left > 0) throw broken('MQTT-4.8.0-1');
  }
}

const strict = new TextDecoder('utf-8', { fatal: true });

function isUtf8(bytes: Buffer): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function broken(statement: string, also?: string): WatchpostError {
  return new WatchpostError('broker.malformed_packet', {
    details: { statement, ...(also === undefined ? {} : { also }) },
  });
}
