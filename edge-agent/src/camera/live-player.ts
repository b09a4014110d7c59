import type { Frame, Packet } from 'node-av/lib';
import { PacketQueue, type WaitingPacket } from './packet-queue.ts';
import type { PictureDecoder } from './picture-decoder.ts';
import { cameraPolicy } from './policy.ts';
import { StreamClock } from './stream-clock.ts';

/** A packet and where it says it is in its stream, milliseconds; NaN when it does not say. */
export interface LivePacket {
  readonly packet: Packet;
  readonly positionMs: number;
}

/** Where packets come from as they come; null ends them. */
export interface LiveSource {
  next(): Promise<LivePacket | null>;
}

export interface LivePlayerOptions {
  readonly source: LiveSource;
  readonly decoder: PictureDecoder;
  /** A picture and when it was taken, by `performance.now`; valid until it returns. */
  onPicture(frame: Frame, takenMs: number): void;
}

interface Waiting extends WaitingPacket {
  readonly packet: Packet;
  readonly tag: bigint;
}

/**
 * Plays a live stream: one loop reads as fast as the network brings, the other decodes, and between them the
 * newest picture wins. So the lag is bounded whatever the decoder can do. Packets are tagged by number,
 * because their own time stamps may be wrong.
 */
export class LivePlayer {
  readonly #options: LivePlayerOptions;
  readonly #queue = new PacketQueue<Waiting>(cameraPolicy.queue);
  readonly #clock = new StreamClock();
  readonly #takenMs = new Map<bigint, number>();
  #nextTag = 0n;
  #ended = false;
  #wake: (() => void) | null = null;

  constructor(options: LivePlayerOptions) {
    this.#options = options;
  }

  /** Packets that were left out because the decoder could not keep up. */
  get dropped(): number {
    return this.#queue.dropped;
  }

  /** Settles when the stream has ended. @throws SourceFailure when it breaks off */
  async play(): Promise<void> {
    await Promise.all([this.#read(), this.#decode()]);
  }

  async #read(): Promise<void> {
    try {
      for (let got = await this.#options.source.next(); got; got = await this.#options.source.next())
        this.#take(got);
    } finally {
      this.#ended = true;
      this.#wake?.();
    }
  }

  #take({ packet, positionMs }: LivePacket): void {
    const arrivedMs = performance.now();
    const tag = this.#nextTag++;
    this.#takenMs.set(tag, this.#clock.arrived(positionMs, arrivedMs));
    this.#takenMs.delete(tag - BigInt(cameraPolicy.tagsKept + this.#queue.length));
    packet.pts = tag;
    this.#queue.push({
      packet,
      tag,
      key: packet.isKeyframe,
      bytes: packet.size,
      arrivedMs,
      drop: () => packet.free(),
    });
    this.#wake?.();
  }

  async #decode(): Promise<void> {
    const { decoder, onPicture } = this.#options;
    for (;;) {
      const taken = this.#queue.take(performance.now());
      if (!taken) {
        if (this.#ended) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const { packet, tag } = taken.packet;
      if (taken.afterGap) decoder.flush();
      for await (const frame of decoder.decode(packet))
        onPicture(frame, this.#takenMs.get(frame.pts) ?? this.#takenMs.get(tag) ?? performance.now());
      packet.free();
    }
  }
}
