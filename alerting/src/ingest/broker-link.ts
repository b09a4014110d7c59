import { Socket } from 'node:net';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { Logger } from 'pino';

export interface BrokerOptions {
  /** `mqtt://host:port` or `mqtts://…`. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

export interface BrokerLinkOptions extends BrokerOptions {
  readonly clientId: string;
  readonly filters: readonly string[];
  /** Takes a message; the broker is held back until it settles. Must not reject. */
  readonly take: (topic: string, payload: Uint8Array) => Promise<void>;
  /** After each (re)connection and subscription. */
  readonly connected: () => void;
  readonly logger: Logger;
}

/** How long the last publications may take when the service stops. */
const endWithinMs = 1_000;

/**
 * The connection to the broker: one persistent MQTT 3.1.1 session at QoS 1 that comes back by itself. Nothing is
 * published while it is down, because everything that matters is retained and published again after a reconnection.
 */
export class BrokerLink {
  readonly #options: BrokerLinkOptions;
  #client: MqttClient | undefined;
  #subscribed = false;
  #lastError: string | undefined;

  constructor(options: BrokerLinkOptions) {
    this.#options = options;
  }

  get isConnected(): boolean {
    return this.#subscribed && this.#client?.connected === true;
  }

  /** Why there is no connection, in the words of the client library. */
  get lastError(): string | undefined {
    return this.#lastError;
  }

  /** Begins to connect; does not wait for it. */
  start(): void {
    const { url, username, password, clientId, logger } = this.#options;
    const settings: IClientOptions = {
      clientId,
      clean: false,
      protocolVersion: 4,
      keepalive: 15,
      reconnectPeriod: 1_000,
      connectTimeout: 5_000,
      resubscribe: false,
      queueQoSZero: false,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    };
    const client = mqtt.connect(url, settings);
    this.#client = client;
    // Called before the acknowledgement of each message, which waits for the callback: that is the back-pressure.
    client.handleMessage = (packet, done) => {
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
      void this.#options.take(packet.topic, payload).then(() => done());
    };
    client.on('connect', () => {
      // A receipt follows an acknowledgement at once; Nagle's algorithm would hold it back for 40 ms.
      if (client.stream instanceof Socket) client.stream.setNoDelay(true);
      void this.#subscribe(client);
    });
    client.on('close', () => {
      if (this.#subscribed) logger.warn('broker connection lost');
      this.#subscribed = false;
    });
    client.on('error', (error) => {
      if (this.#lastError !== error.message) logger.warn({ err: error }, 'broker connection failed');
      this.#lastError = error.message;
    });
  }

  async #subscribe(client: MqttClient): Promise<void> {
    const { filters, logger, connected } = this.#options;
    try {
      const grants = await client.subscribeAsync([...filters], { qos: 1 });
      const refused = grants.filter(({ qos }) => qos > 2).map(({ topic }) => topic);
      if (refused.length > 0) throw new Error(`subscription refused: ${refused.join(', ')}`);
      this.#subscribed = true;
      this.#lastError = undefined;
      logger.info('broker connected');
      connected();
    } catch (error) {
      this.#lastError = error instanceof Error ? error.message : String(error);
      logger.warn({ err: error }, 'subscription failed');
    }
  }

  /** Publishes retained at QoS 1, or drops the message while there is no connection. */
  publishRetained(topic: string, payload: string): void {
    if (!this.isConnected) return;
    this.#client?.publish(topic, payload, { qos: 1, retain: true }, (error) => {
      if (error) this.#options.logger.warn({ err: error, topic }, 'publication failed');
    });
  }

  async stop(): Promise<void> {
    this.#subscribed = false;
    const client = this.#client;
    this.#client = undefined;
    if (!client) return;
    // A broker that acknowledges nothing must not hold the stop back; receipts are published again at the next start.
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, endWithinMs);
    });
    await Promise.race([client.endAsync(!client.connected).catch(() => undefined), patience]);
    clearTimeout(timer);
    client.stream?.destroy();
  }
}
