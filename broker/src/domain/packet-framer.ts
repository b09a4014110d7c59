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
const nothing = Buffer.alloc(0);
/** The first room for a packet that comes in pieces. */
const leastPartialBytes = 64;

/**
 * Cuts a byte stream into whole MQTT packets, one when one is asked for. A packet that is too long is refused
 * as soon as its fixed header is known, so at most one packet of the permitted size is kept here beside what
 * was pushed last.
 */
export class PacketFramer {
  readonly #limits: FramerLimits;
  #limit: number;
  #first = true;
  #unread: Buffer = nothing;
  /** What has come of the packet being collected, in a buffer that grows with it. */
  #partial: Buffer = nothing;
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

  /** Whether bytes have come that {@link next} has not looked at. */
  get hasUnread(): boolean {
    return this.#unread.length > 0;
  }

  /** Takes the next bytes; nothing is looked at yet. */
  push(chunk: Buffer): void {
    this.#unread = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk]);
  }

  /**
   * The next whole packet, if there is one; what stands behind it is not looked at.
   * @throws WatchpostError `broker.malformed_packet` or `broker.packet_too_large`; the stream is of no use
   *   afterwards.
   */
  next(): Buffer | undefined {
    while (this.#unread.length > 0) {
      const size = this.#partialBytes === 0 ? this.#sizeOf(this.#unread) : 0;
      const packet = size > 0 && this.#unread.length >= size ? this.#take(size) : this.#collect();
      if (packet) return packet;
    }
    return undefined;
  }

  /** Forgets what has come. */
  clear(): void {
    this.#unread = nothing;
    this.#forgetPartial();
  }

  #take(bytes: number): Buffer {
    const taken = this.#unread.subarray(0, bytes);
    this.#unread = taken.length === this.#unread.length ? nothing : this.#unread.subarray(bytes);
    return taken;
  }

  /** Adds to the unfinished packet; gives it back when it is whole. */
  #collect(): Buffer | undefined {
    // Until the length is known, one byte at a time: at most five, and only when a header is split.
    this.#keep(this.#take(this.#expected === 0 ? 1 : this.#expected - this.#partialBytes));
    const come = this.#partial.subarray(0, this.#partialBytes);
    if (this.#expected === 0) this.#expected = this.#sizeOf(come);
    if (this.#expected === 0 || this.#partialBytes < this.#expected) return undefined;
    this.#forgetPartial();
    return come;
  }

  /**
   * Copies: a chunk of one byte costs a hundred times its size while something refers to it, and who sends a
   * packet byte by byte is to cost no more than the packet.
   */
  #keep(bytes: Buffer): void {
    const needed = this.#partialBytes + bytes.length;
    if (needed > this.#partial.length) {
      const roomy = Math.max(2 * needed, leastPartialBytes);
      const grown = Buffer.allocUnsafeSlow(this.#expected > 0 ? Math.min(roomy, this.#expected) : roomy);
      this.#partial.copy(grown, 0, 0, this.#partialBytes);
      this.#partial = grown;
    }
    bytes.copy(this.#partial, this.#partialBytes);
    this.#partialBytes = needed;
  }

  #forgetPartial(): void {
    this.#partial = nothing;
    this.#partialBytes = 0;
    this.#expected = 0;
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
