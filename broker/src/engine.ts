import type { Duplex } from 'node:stream';
import { Aedes, type AedesOptions, type Client } from 'aedes';

/** What the engine tells. */
export interface EngineEvents {
  /** CONNACK went out, and it said yes. */
  admitted(client: Client): void;
  unsubscribed(client: Client, filters: readonly string[]): void;
  disconnected(client: Client): void;
  /** A connection broke off, or was broken off, for this reason. */
  ended(client: Client, error: Error): void;
  /** The persistence or the emitter failed. */
  failed(error: Error): void;
}

/** Aedes, and what of it its types leave out. */
export class Engine {
  readonly #aedes: Aedes;

  constructor(options: AedesOptions, events: EngineEvents) {
    const aedes = new Aedes(options);
    this.#aedes = aedes;
    aedes.on('connackSent', (packet, client) => {
      if (packet.returnCode === 0) events.admitted(client);
    });
    aedes.on('unsubscribe', (filters, client) => events.unsubscribed(client, filters));
    aedes.on('clientDisconnect', (client) => events.disconnected(client));
    aedes.on('clientError', (client, error) => events.ended(client, error));
    aedes.on('connectionError', (client, error) => events.ended(client, error));
    // not in the types
    (aedes as NodeJS.EventEmitter).on('error', (error: Error) => events.failed(error));
  }

  /** Number of clients that were admitted. */
  get connectedClients(): number {
    return this.#aedes.connectedClients;
  }

  /** Them by client id. Aedes keeps them in a public field that its types leave out. */
  get clients(): Readonly<Record<string, Client | undefined>> {
    return (this.#aedes as Aedes & { readonly clients: Record<string, Client | undefined> }).clients;
  }

  async start(): Promise<void> {
    await this.#aedes.listen();
  }

  /** Speaks MQTT on this connection. */
  handle(connection: Duplex): void {
    this.#aedes.handle(connection);
  }

  /** Publishes a retained message of QoS 0; an empty one takes the message away. */
  readonly publishRetained = (topic: string, text: string): void =>
    this.#aedes.publish(
      { cmd: 'publish', topic, payload: Buffer.from(text), qos: 0, retain: true, dup: false },
      () => undefined,
    );

  /** Closes all connections; resolves when what was written already has gone out. */
  close(): Promise<void> {
    return new Promise((resolve) => this.#aedes.close(resolve));
  }
}
