import type { Duplex } from 'node:stream';
import { type FramerLimits, PacketFramer } from '../domain/packet-framer.ts';
import { connectionPolicy } from './policy.ts';

export interface BeforeConnectEvents {
  /** CONNECT is there whole: the transport is paused and gives everything from its beginning. */
  whole(): void;
  /** What came is no CONNECT; the transport is gone. */
  refused(error: Error): void;
  /** Does work that comes in thousands, soon. */
  paced(work: () => void): void;
}

/**
 * A connection until its CONNECT is whole. Nothing that speaks MQTT is made for it before: who says nothing,
 * or says it byte by byte, costs its bytes and a timer, however many they are. It is looked at in growing
 * pauses. Who ends it when it takes too long is the listener.
 */
export class BeforeConnect {
  readonly #transport: Duplex;
  readonly #events: BeforeConnectEvents;
  readonly #framer: PacketFramer;
  #bytes: Buffer[] = [];
  #pauseMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(transport: Duplex, limits: FramerLimits, events: BeforeConnectEvents) {
    this.#transport = transport;
    this.#events = events;
    this.#framer = new PacketFramer(limits);
    transport
      .on('data', this.#receive)
      .on('end', this.#ended)
      .on('error', this.#gone)
      .on('close', this.#gone);
    transport.resume();
  }

  readonly #receive = (chunk: Buffer): void => {
    const transport = this.#transport;
    transport.pause();
    this.#bytes.push(chunk);
    try {
      this.#framer.push(chunk);
      if (this.#framer.next() === undefined) {
        this.#pause();
        return;
      }
    } catch (error) {
      this.#gone();
      this.#events.refused(error instanceof Error ? error : new Error('framing failed', { cause: error }));
      return;
    }
    this.#leave();
    transport.unshift(Buffer.concat(this.#bytes));
    this.#events.whole();
  };

  #pause(): void {
    const { first, growth, longest } = connectionPolicy.pauseMs;
    this.#pauseMs = Math.min(longest, Math.max(first, this.#pauseMs * growth));
    this.#timer = setTimeout(() => this.#events.paced(this.#goOn), this.#pauseMs);
  }

  readonly #goOn = (): void => {
    const transport = this.#transport;
    // all that has come, in one piece: as flowing stream it would give it chunk by chunk, a pause for each
    if (!transport.destroyed && transport.read() === null) transport.resume();
  };

  readonly #ended = (): void => this.#events.paced(this.#gone);

  readonly #gone = (): void => {
    clearTimeout(this.#timer);
    this.#transport.destroy();
  };

  #leave(): void {
    clearTimeout(this.#timer);
    this.#transport
      .off('data', this.#receive)
      .off('end', this.#ended)
      .off('error', this.#gone)
      .off('close', this.#gone);
  }
}
