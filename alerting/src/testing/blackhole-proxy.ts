import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy that can turn into a black hole: bytes go nowhere and nothing closes. For tests. */
export class BlackholeProxy {
  readonly #url: URL;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #drops = false;

  constructor(url: string) {
    this.#url = new URL(url);
    this.#server = createServer((near) => this.#pass(near));
  }

  /** Gives the address of the server by this proxy. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const url = new URL(this.#url);
    url.hostname = '127.0.0.1';
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  drop(): void {
    this.#drops = true;
  }

  /** Connections that were dropped stay so; new ones pass. */
  restore(): void {
    this.#drops = false;
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
        isHole ||= this.#drops;
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
