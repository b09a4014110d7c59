import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A line to a server that can go dead: bytes go nowhere and nothing closes. For tests. */
export class DeadLine {
  readonly #url: URL;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #dead = false;

  constructor(url: string) {
    this.#url = new URL(url);
    this.#server = createServer((near) => this.#pass(near));
  }

  /** Gives the address of the server by this line. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const url = new URL(this.#url);
    url.hostname = '127.0.0.1';
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  die(): void {
    this.#dead = true;
  }

  /** What is dead stays dead; new connections pass. */
  revive(): void {
    this.#dead = false;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #pass(near: Socket): void {
    const far = connect(Number(this.#url.port || 5432), this.#url.hostname);
    let isHole = false;
    const forward = (from: Socket, to: Socket) => {
      this.#sockets.add(from);
      from.on('error', () => undefined);
      from.on('data', (bytes) => {
        isHole ||= this.#dead;
        if (!isHole) to.write(bytes);
      });
      from.on('close', () => {
        this.#sockets.delete(from);
        if (!isHole) to.destroy();
      });
    };
    forward(near, far);
    forward(far, near);
  }
}
