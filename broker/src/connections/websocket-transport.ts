import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { TokenBucket } from '../domain/token-bucket.ts';
import { connectionPolicy, webSocketPolicy } from './policy.ts';

/** WebSocket close code “unsupported data” (RFC 6455 §7.4.1). */
const unsupportedData = 1003;

export interface FramePace {
  /** Frames of any kind; whoever sends more is read more slowly. */
  readonly framesPerSecond: number;
  /** It sends faster than it may. */
  throttled(): void;
}

/**
 * The byte stream inside binary WebSocket frames; frames and MQTT packets need not coincide ([MQTT-6.0.0-2]).
 * Frames are counted here, because a ping, a pong or an empty frame never becomes a packet.
 */
export class WebSocketTransport extends Duplex {
  readonly #socket: WebSocket;
  readonly #pace: FramePace;
  readonly #frames: TokenBucket;
  /** Nobody takes what has come. */
  #full = false;
  /** Until its frames are within the rate again. */
  #waits: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket, pace: FramePace) {
    super();
    this.#socket = socket;
    this.#pace = pace;
    const { framesPerSecond } = pace;
    this.#frames = new TokenBucket(
      framesPerSecond,
      Math.max(webSocketPolicy.controlCost, framesPerSecond * connectionPolicy.burstSeconds),
      performance.now(),
    );
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (!isBinary) {
        socket.close(unsupportedData); // [MQTT-6.0.0-1]
        this.destroy();
        return;
      }
      if (data.length > 0 && !this.push(data)) this.#full = true;
      this.#took(1);
    });
    socket.on('ping', () => this.#took(webSocketPolicy.controlCost));
    socket.on('pong', () => this.#took(webSocketPolicy.controlCost));
    socket.on('close', () => {
      this.push(null);
      this.destroy();
    });
    socket.on('error', (error) => this.destroy(error));
  }

  #took(cost: number): void {
    const waitMs = this.#frames.take(cost, performance.now());
    if (waitMs > 0 && !this.#waits && !this.destroyed) {
      this.#pace.throttled();
      this.#waits = setTimeout(this.#goOn, waitMs);
    }
    if (this.#full || this.#waits) this.#socket.pause();
  }

  readonly #goOn = (): void => {
    this.#waits = undefined;
    if (!this.#full && this.#socket.isPaused) this.#socket.resume();
  };

  override _read(): void {
    this.#full = false;
    if (!this.#waits && this.#socket.isPaused) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.send(chunk, done);
  }

  /** The parts of a packet go into one frame. */
  override _writev(
    chunks: { chunk: Buffer; encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ): void {
    this.#socket.send(Buffer.concat(chunks.map(({ chunk }) => Buffer.from(chunk))), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.close();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#waits);
    if (error) this.#socket.terminate();
    else this.#socket.close();
    done(error);
  }
}
