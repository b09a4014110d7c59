import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { type FramerLimits, PacketFramer } from './domain/packet-framer.ts';

/** After this, bytes that the peer does not take are given up when a connection closes. */
const flushMs = 1000;

/**
 * What Aedes reads instead of the socket: whole packets of a permitted size, and nothing after CONNECT until the
 * client is admitted. Aedes itself would buffer a packet of any announced length (up to 256 MB) and would drop the
 * 43rd packet sent before CONNACK, although clients may send before it ([MQTT-3.1.4-5]).
 */
export class GuardedConnection extends Duplex {
  readonly remoteAddress: string;
  readonly #socket: Socket;
  readonly #framer: PacketFramer;
  #admitted = false;
  #connectSeen = false;
  #held: Buffer[] = [];

  constructor(socket: Socket, limits: FramerLimits) {
    super({ highWaterMark: 64 * 1024 });
    this.remoteAddress = socket.remoteAddress ?? '';
    this.#socket = socket;
    this.#framer = new PacketFramer(limits);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  /** CONNECT was accepted: lets the rest through, with the larger packet size. */
  admit(): void {
    if (this.#admitted) return;
    this.#admitted = true;
    this.#framer.admit();
    const held = this.#held;
    this.#held = [];
    this.#forward(held);
    this.#socket.resume();
  }

  #receive(chunk: Buffer): void {
    if (this.destroyed) return;
    try {
      this.#forward(this.#framer.push(chunk));
    } catch (error) {
      this.#socket.pause();
      this.destroy(error instanceof Error ? error : new Error('framing failed', { cause: error }));
    }
  }

  #forward(packets: Buffer[]): void {
    for (const packet of packets) {
      if (!this.#admitted && this.#connectSeen) {
        this.#held.push(packet);
        this.#socket.pause();
        continue;
      }
      this.#connectSeen = true;
      if (!this.push(packet)) this.#socket.pause();
    }
  }

  override _read(): void {
    if (this.#admitted || !this.#connectSeen) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#afterWrite(this.#socket.write(chunk), done);
  }

  override _writev(
    chunks: { chunk: Buffer; encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ): void {
    this.#socket.cork();
    let room = true;
    for (const { chunk } of chunks) room = this.#socket.write(chunk);
    this.#socket.uncork();
    this.#afterWrite(room, done);
  }

  #afterWrite(room: boolean, done: (error?: Error | null) => void): void {
    if (room || this.#socket.destroyed) done();
    else this.#socket.once('drain', done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const socket = this.#socket;
    this.#held = [];
    if (error || socket.writableLength === 0) socket.destroy();
    else {
      socket.destroySoon();
      setTimeout(() => socket.destroy(), flushMs).unref();
    }
    done(error);
  }
}
