import type { AddressInfo } from 'node:net';
import { createServer, type Server, Socket } from 'node:net';
import { Aedes } from 'aedes';
import mqtt, { type MqttClient } from 'mqtt';

/** A real broker on loopback. */
export class TestBroker {
  readonly #sockets = new Set<Socket>();
  #aedes: Aedes | undefined;
  #server: Server | undefined;
  port = 0;

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** Starts empty, on the port it had before. */
  async start(): Promise<void> {
    const aedes = await Aedes.createBroker();
    const server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      aedes.handle(socket);
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.#aedes = aedes;
    this.#server = server;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#aedes?.close(resolve) ?? resolve());
    await new Promise<void>((resolve) => this.#server?.close(() => resolve()) ?? resolve());
  }
}

/** A client that remembers every message of some filters and lets a test wait for one. */
export class Listener {
  readonly messages: { topic: string; payload: string; retain: boolean }[] = [];
  readonly client: MqttClient;
  #waiting: (() => void)[] = [];

  constructor(url: string, filters: readonly string[]) {
    this.client = mqtt.connect(url, { reconnectPeriod: 100 });
    this.client.on('connect', () => {
      if (this.client.stream instanceof Socket) this.client.stream.setNoDelay(true);
      void this.client.subscribeAsync([...filters], { qos: 1 });
    });
    this.client.on('message', (topic, payload, { retain }) => {
      this.messages.push({ topic, payload: payload.toString(), retain });
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  /** Waits until a message satisfies the condition; looks at earlier ones too. */
  async until<T>(find: (message: { topic: string; payload: string }) => T | undefined): Promise<T> {
    for (let from = 0; ; ) {
      for (; from < this.messages.length; from++) {
        const found = find(this.messages[from] as { topic: string; payload: string });
        if (found !== undefined) return found;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async stop(): Promise<void> {
    await this.client.endAsync(true);
  }
}
