/** What waits for the decoder. */
export interface WaitingPacket {
  /** Can be decoded without those before it. */
  readonly key: boolean;
  readonly bytes: number;
  /** By a clock that never goes back, milliseconds. */
  readonly arrivedMs: number;
  /** Gives its memory back; called once, for packets that nobody takes. */
  drop(): void;
}

/** When a decoder counts as behind and what it then leaves out. */
export interface PacketQueueLimits {
  /** A packet that waited longer is left out as soon as a later key picture is there. */
  readonly skipAfterMs: number;
  /** Longest wait at all: then everything goes and the next key picture is waited for. */
  readonly mostWaitMs: number;
  /** Where no key picture comes for so long (cameras that refresh without one), anything is taken again. */
  readonly keyWithinMs: number;
  readonly maxBytes: number;
}

/** A packet, and whether something before it was left out. */
export interface TakenPacket<P> {
  readonly packet: P;
  readonly afterGap: boolean;
}

/** Between network and decoder: the newest picture wins before it is decoded. Bounded in time and bytes. */
export class PacketQueue<P extends WaitingPacket> {
  readonly #limits: PacketQueueLimits;
  #waiting: P[] = [];
  #bytes = 0;
  #gap = false;
  /** Since when only a key picture is of use; null = any packet is. */
  #needsKeySince: number | null = null;
  /** Packets that were left out. */
  dropped = 0;

  constructor(limits: PacketQueueLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#waiting.length;
  }

  push(packet: P): void {
    if (this.#needsKeySince !== null) {
      const late = packet.arrivedMs - this.#needsKeySince > this.#limits.keyWithinMs;
      if (!packet.key && !late) {
        this.#leaveOut([packet]);
        return;
      }
      this.#needsKeySince = null;
    }
    this.#waiting.push(packet);
    this.#bytes += packet.bytes;
    if (this.#bytes > this.#limits.maxBytes) this.#skip(packet.arrivedMs);
  }

  /** The next packet worth decoding at `nowMs`, if any. */
  take(nowMs: number): TakenPacket<P> | undefined {
    const waitedMs = nowMs - (this.#waiting[0]?.arrivedMs ?? nowMs);
    const { skipAfterMs, mostWaitMs } = this.#limits;
    if (waitedMs > mostWaitMs || (waitedMs > skipAfterMs && this.#newestKey() > 0)) this.#skip(nowMs);
    const packet = this.#waiting.shift();
    if (!packet) return undefined;
    this.#bytes -= packet.bytes;
    const afterGap = this.#gap;
    this.#gap = false;
    return { packet, afterGap };
  }

  /** Leaves out all that waits. */
  clear(): void {
    this.#leaveOut(this.#waiting);
    this.#waiting = [];
    this.#bytes = 0;
  }

  #newestKey(): number {
    return this.#waiting.findLastIndex(({ key }) => key);
  }

  /** To the newest key picture; when that is the oldest packet already or there is none, past everything. */
  #skip(nowMs: number): void {
    const newest = this.#newestKey();
    const kept = newest > 0 ? this.#waiting.slice(newest) : [];
    this.#leaveOut(newest > 0 ? this.#waiting.slice(0, newest) : this.#waiting);
    this.#waiting = kept;
    this.#bytes = kept.reduce((sum, { bytes }) => sum + bytes, 0);
    if (kept.length === 0) this.#needsKeySince = nowMs;
  }

  #leaveOut(packets: readonly P[]): void {
    if (packets.length === 0) return;
    for (const packet of packets) packet.drop();
    this.dropped += packets.length;
    this.#gap = true;
  }
}
