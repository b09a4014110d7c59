import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Aedes, type Client } from 'aedes';

export interface BrokerMessage {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

/** A real Aedes over TCP on loopback that keeps what it was given. For tests only. */
export class TestBroker {
  readonly messages: BrokerMessage[] = [];
  #aedes: Aedes | null = null;
  #server: Server | null = null;
  #sockets = new Set<Socket>();
  #port = 0;

  get url(): string {
    return `mqtt://127.0.0.1:${this.#port}`;
  }

  /** Starts, on the same port as before when it was stopped: without memory, like a broker that crashed. */
  async start(): Promise<void> {
    const aedes = await Aedes.createBroker();
    this.#aedes = aedes;
    aedes.on('publish', (packet, client: Client | null) => {
      // Wills come without a client; the broker's own topics begin with $SYS.
      if (packet.topic.startsWith('$SYS') || (!client && !packet.topic.endsWith('/state'))) return;
      this.messages.push({ topic: packet.topic, payload: packet.payload.toString(), retain: packet.retain });
    });
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      aedes.handle(socket);
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const [server, aedes] = [this.#server, this.#aedes];
    this.#server = this.#aedes = null;
    for (const socket of this.#sockets) socket.destroy();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
    if (aedes) await new Promise<void>((resolve) => aedes.close(resolve));
  }

  /** Cuts every connection without a word. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Settles when every connection has ended and the broker has drawn its conclusions. */
  async allGone(): Promise<void> {
    while (this.#sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  async publish(topic: string, payload: unknown, retain = false): Promise<void> {
    const bytes = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
    await new Promise<void>((resolve, reject) => {
      if (!this.#aedes) return reject(new Error('stopped'));
      this.#aedes.publish({ cmd: 'publish', topic, payload: bytes, qos: 1, retain, dup: false }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }

  /** Parsed payloads of a topic's messages; arrays are opened. */
  on(topic: string): Record<string, unknown>[] {
    return this.messages
      .filter((message) => message.topic === topic)
      .flatMap(({ payload }) => [JSON.parse(payload) as unknown].flat() as Record<string, unknown>[]);
  }
}
