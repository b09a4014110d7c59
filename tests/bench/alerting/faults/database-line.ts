import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Everybody who writes events names this column. */
const written = Buffer.from('risk_factors');
/** A simple query (PostgreSQL documentation, §55.7: `Q`, length, text). */
const commit = Buffer.from('commit\0');

/**
 * The way to the database: it can be cut, and knows when a commit that stores events is on it, that is from
 * when the server was asked until its answer.
 */
export class DatabaseLine {
  readonly #url: URL;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #committing = new Set<Socket>();
  readonly #waiting = new Set<() => void>();

  constructor(url: string) {
    this.#url = new URL(url);
    this.#server = createServer((near) => this.#pass(near));
  }

  /** Gives the address of the database by this line. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const url = new URL(this.#url);
    url.hostname = '127.0.0.1';
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** Commits that were asked for and not answered. */
  get committing(): number {
    return this.#committing.size;
  }

  /** Calls `act` in the moment in which the next commit has been handed to the server. */
  atCommit(act: () => void): () => void {
    this.#waiting.add(act);
    return () => this.#waiting.delete(act);
  }

  /** Every connection ends at once: what is under way has no answer. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.cut();
    await closed;
  }

  #pass(near: Socket): void {
    const far = connect(Number(this.#url.port || 5432), this.#url.hostname);
    let hasWritten = false;
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.#sockets.delete(from);
        this.#committing.delete(near);
        to.destroy();
      });
    }
    near.on('data', (bytes: Buffer) => {
      far.write(bytes);
      hasWritten ||= bytes.includes(written);
      if (!bytes.includes(commit)) return;
      if (hasWritten) this.#began(near);
      hasWritten = false;
    });
    far.on('data', (bytes: Buffer) => {
      this.#committing.delete(near);
      near.write(bytes);
    });
  }

  #began(near: Socket): void {
    this.#committing.add(near);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const act of waiting) act();
  }
}
