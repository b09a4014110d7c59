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
 * Returns how many filters SUBSCRIBE and UNSUBSCRIBE carry, 0 for every other packet.
 * @throws WatchpostError `broker.malformed_packet`, or `broker.quota` for more filters in one packet than
 *   `mostFilters`.
 */
export function checkPacket(packet: Buffer, mostFilters = Number.POSITIVE_INFINITY): number {
  const first = packet[0] ?? 0;
  const type = first >> 4;
  const body = new Reader(packet, headerBytes(packet));
  if (type === 3) {
    checkPublish(first & 0x0f, body);
    return 0;
  }
  if (requiredFlags[type] !== (first & 0x0f)) {
    const disconnect = type === 14;
    throw broken(disconnect ? 'MQTT-3.14.1-1' : 'MQTT-2.2.2-2');
  }
  if (type === 8 || type === 10) return checkFilters(body, type === 8, mostFilters);
  if (type === 1) checkConnect(body);
  else if (type >= 4 && type <= 7) body.packetId();
  body.end();
  return 0;
}

function checkPublish(flags: number, body: Reader): void {
  const qos = (flags >> 1) & 3;
  if (qos === 3) throw broken('MQTT-3.3.1-4');
  if (qos === 0 && (flags & 8) !== 0) throw broken('MQTT-3.3.1-2');
  body.topicName();
  if (qos > 0) body.packetId();
}

/** Returns how many they are. */
function checkFilters(body: Reader, withQos: boolean, most: number): number {
  body.packetId();
  if (body.left === 0) throw broken(withQos ? 'MQTT-3.8.3-3' : 'MQTT-3.10.3-2');
  let filters = 0;
  for (; body.left > 0; filters++) {
    if (filters >= most) throw new WatchpostError('broker.quota', { details: { filters: most } });
    const filter = body.text(withQos ? 'MQTT-3.8.3-1' : 'MQTT-3.10.3-1');
    if (filter.length === 0) throw broken('MQTT-4.7.3-1');
    if (!isTopicFilter(filter)) throw broken('MQTT-4.7.1-2');
    if (withQos && body.byte() > 2) throw broken('MQTT-3.8.3-4');
  }
  return filters;
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
  body.skip(2); // keep alive
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

  /** Where the next `count` bytes begin, which are behind it now. */
  skip(count: number): number {
    if (this.left < count) throw broken('MQTT-4.8.0-1');
    const from = this.#at;
    this.#at += count;
    return from;
  }

  byte(): number {
    return this.#packet[this.skip(1)] ?? 0;
  }

  number(): number {
    const from = this.skip(2);
    return ((this.#packet[from] ?? 0) << 8) | (this.#packet[from + 1] ?? 0);
  }

  packetId(): void {
    if (this.number() === 0) throw broken('MQTT-2.3.1-1');
  }

  binary(): void {
    this.skip(this.number());
  }

  /** A string; `statement` is the one that wants it to be UTF-8. */
  text(statement: string): string {
    const length = this.number();
    const from = this.skip(length);
    const text = this.#packet.toString('utf8', from, from + length);
    // lenient decoding puts U+FFFD where something is wrong, but the character may also be meant
    if (text.includes('\ufffd') && !isUtf8(this.#packet.subarray(from, from + length)))
      throw broken(statement, 'MQTT-1.5.3-1');
    if (text.includes('\0')) throw broken('MQTT-1.5.3-2');
    return text;
  }

  /** The topic of a message; nearly all need no look at anything but their bytes. */
  topicName(): void {
    const start = this.#at;
    const length = this.number();
    const from = this.skip(length);
    let plain = length > 0;
    for (let at = from; plain && at < from + length; at++) plain = isPlain(this.#packet[at] ?? 0);
    if (plain) return;
    this.#at = start;
    const topic = this.text('MQTT-3.3.2-1');
    if (topic.length === 0) throw broken('MQTT-4.7.3-1');
    if (!isTopicName(topic)) throw broken('MQTT-3.3.2-2');
  }

  /** Nothing may follow. */
  end(): void {
    if (this.left > 0) throw broken('MQTT-4.8.0-1');
  }
}

const [plus, hash] = [0x2b, 0x23];

/** One character of ASCII that may stand in a topic. */
const isPlain = (byte: number): boolean => byte > 0 && byte < 0x80 && byte !== plus && byte !== hash;

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
