import { WatchpostError } from '@watchpost/contracts/errors';

/** Sizes that a connection may use, in bytes of a whole packet with its fixed header. */
export interface FramerLimits {
  /** Until the client is admitted. */
  readonly connectBytes: number;
  /** After it. */
  readonly packetBytes: number;
}

/** Packet types that a client may send (MQTT 3.1.1 §2.2.1, table 2.1). */
const fromClient = new Set([1, 3, 4, 5, 6, 7, 8, 10, 12, 14]);
const CONNECT = 1;

/**
 * Cuts a byte stream into whole MQTT packets. A packet that is too long is refused as soon as its fixed
 * header is known, so at most one packet of the permitted size is ever kept here.
 */
export class PacketFramer {
  readonly #limits: FramerLimits;
  #limit: number;
  #first = true;
  #partial: Buffer[] = [];
  #partialBytes = 0;
  /** Whole size of the packet being collected; 0 while its fixed header is not complete. */
  #expected = 0;

  constructor(limits: FramerLimits) {
    this.#limits = limits;
    this.#limit = limits.connectBytes;
  }

  /** The client is known: from now on the larger size counts. */
  admit(): void {
    this.#limit = this.#limits.packetBytes;
  }

  /** Bytes of the unfinished packet. */
  get pendingBytes(): number {
    return this.#partialBytes;
  }

  /**
   * Takes the next bytes and returns the packets that are now whole, in order.
   * @throws WatchpostError `broker.malformed_packet` or `broker.packet_too_large`; the stream is of no use
   *   afterwards.
   */
  push(chunk: Buffer): Buffer[] {
    const packets: Buffer[] = [];
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#partialBytes === 0) {
        const size = this.#sizeOf(rest);
        if (size > 0 && rest.length >= size) {
          packets.push(rest.subarray(0, size));
          rest = rest.subarray(size);
          continue;
        }
      }
      rest = this.#collect(rest, packets);
    }
    return packets;
  }

  /** Adds to the unfinished packet; returns the bytes after it. */
  #collect(bytes: Buffer, packets: Buffer[]): Buffer {
    // Until the length is known, one byte at a time: at most five, and only when a header is split.
    const wanted = this.#expected === 0 ? 1 : this.#expected - this.#partialBytes;
    const taken = bytes.subarray(0, wanted);
    this.#partial.push(taken);
    this.#partialBytes += taken.length;
    if (this.#expected === 0) this.#expected = this.#sizeOf(Buffer.concat(this.#partial));
    if (this.#expected > 0 && this.#partialBytes === this.#expected) {
      packets.push(Buffer.concat(this.#partial, this.#partialBytes));
      this.#partial = [];
      this.#partialBytes = 0;
      this.#expected = 0;
    }
    return bytes.subarray(taken.length);
  }

  /** Size of the packet whose first bytes these are, or 0 when the fixed header is not complete (§2.2.3). */
  #sizeOf(bytes: Buffer): number {
    const type = (bytes[0] ?? 0) >> 4;
    if (!fromClient.has(type)) throw malformed('packet_type', type);
    if (this.#first && type !== CONNECT) throw malformed('first_packet', type); // [MQTT-3.1.0-1]
    let length = 0;
    for (let index = 1; index <= 4; index++) {
      const byte = bytes[index];
      if (byte === undefined) return 0;
      length += (byte & 0x7f) * 128 ** (index - 1);
      if (byte < 0x80) {
        this.#check(1 + index + length);
        this.#first = false;
        return 1 + index + length;
      }
    }
    throw malformed('remaining_length', bytes[4] ?? 0);
  }

  #check(size: number): void {
    if (size > this.#limit)
      throw new WatchpostError('broker.packet_too_large', { details: { bytes: size, limit: this.#limit } });
  }
}

function malformed(field: string, found: number): WatchpostError {
  return new WatchpostError('broker.malformed_packet', { details: { field, found } });
}
