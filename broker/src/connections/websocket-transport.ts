import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** WebSocket close code “unsupported data” (RFC 6455 §7.4.1). */
const unsupportedData = 1003;

/**
 * The byte stream inside binary WebSocket frames; frames and MQTT packets need not coincide ([MQTT-6.0.0-2]).
 */
export class WebSocketTransport extends Duplex {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    super();
    this.#socket = socket;
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (!isBinary) {
        socket.close(unsupportedData); // [MQTT-6.0.0-1]
        this.destroy();
      } else if (!this.push(data)) socket.pause();
    });
    socket.on('close', () => {
      this.push(null);
      this.destroy();
    });
    socket.on('error', (error) => this.destroy(error));
  }

  override _read(): void {
    if (this.#socket.isPaused) this.#socket.resume();
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
    if (error) this.#socket.terminate();
    else this.#socket.close();
    done(error);
  }
}
