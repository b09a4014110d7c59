import { Socket } from 'node:net';
import { gatewayTopic } from '@watchpost/contracts';
import mqtt, { type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import { backoffMs } from '../domain/backoff.ts';
import { type BrokerAccess, type ConnectionCredentials, readCredentials } from '../identity/broker-access.ts';

/** What a gateway may publish to. */
export type UpTopic = 'up' | 'telemetry' | 'state' | 'reply';
/** What a gateway listens to. */
export type DownTopic = 'receipt' | 'cmd' | 'policy';

const downTopics: readonly DownTopic[] = ['receipt', 'cmd', 'policy'];

/** A connection that lasted so long was a good one. */
const steadyMs = 10_000;

export interface MqttLinkOptions {
  readonly broker: BrokerAccess;
  readonly site: string;
  readonly gateway: string;
  readonly log: Logger;
  /** Waits between attempts, by default 0.3 s doubling up to 15 s. */
  readonly retry?: { readonly firstMs: number; readonly maxMs: number };
  /** The retained state that the broker publishes when we vanish. */
  will(): string;
  /** Connected and subscribed: retained receipts and policies may come before this. */
  onUp(): void;
  onDown(): void;
  onMessage(topic: DownTopic, payload: Uint8Array, retained: boolean): void;
}

/**
 * The connection to the broker over MQTT 3.1.1. Each attempt is a new client without a memory: what must not be lost lies in the outbox,
 * and the client's own queue would only send it twice.
 */
export class MqttLink {
  readonly #options: MqttLinkOptions;
  #client: MqttClient | null = null;
  #up = false;
  #attempt = 0;
  #upSince = 0;
  #lastError: string | undefined;
  #retry: NodeJS.Timeout | null = null;
  #stopped = true;

  constructor(options: MqttLinkOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#up;
  }

  start(): void {
    this.#stopped = false;
    this.#attempt = 0;
    this.#connect();
  }

  /** Publishes `offline` as the retained state when it still can, and disconnects. Takes at most twice `graceMs`. */
  async stop(offline: string, graceMs = 500): Promise<void> {
    this.#stopped = true;
    if (this.#retry) clearTimeout(this.#retry);
    const client = this.#client;
    if (!client) return;
    if (this.#up)
      await within(graceMs, (finish) => this.publish('state', offline, { retain: true, done: finish }));
    this.#lose();
    // A proper DISCONNECT, or else the broker would publish the will over the state just said (MQTT 3.1.1 §3.14.4).
    await within(graceMs, (finish) => client.end(false, {}, finish));
    client.end(true);
  }

  /** Ends a connection properly and makes a new one, with the credentials that are there now. Does nothing while there is none. */
  async reconnect(graceMs = 500): Promise<void> {
    const client = this.#client;
    if (!client || !this.#up) return;
    client.removeAllListeners();
    client.on('error', () => undefined);
    this.#lose();
    await within(graceMs, (finish) => client.end(false, {}, finish));
    client.end(true);
    if (!this.#stopped && !this.#client) this.#connect();
  }

  /** Hands a message to the broker at QoS 1; without a connection it does nothing. `done` only when the broker has it. */
  publish(
    topic: UpTopic,
    payload: string,
    { retain = false, done }: { retain?: boolean; done?: () => void } = {},
  ): void {
    if (!this.#up) return;
    const { site, gateway } = this.#options;
    this.#client?.publish(gatewayTopic(topic, site, gateway), payload, { qos: 1, retain }, (error) => {
      if (!error) done?.();
    });
  }

  #connect(): void {
    const { broker, site, gateway, log } = this.#options;
    let credentials: ConnectionCredentials;
    try {
      credentials = readCredentials(broker);
    } catch (error) {
      this.#lastError = error instanceof Error ? error.message : String(error);
      this.#retryLater(false);
      return;
    }
    const client = mqtt.connect(broker.url, {
      protocolVersion: 4,
      clientId: `wp-${site}-${gateway}`,
      clean: true,
      keepalive: 15,
      connectTimeout: 5000,
      reconnectPeriod: 0,
      queueQoSZero: false,
      resubscribe: false,
      ...credentials,
      will: {
        topic: gatewayTopic('state', site, gateway),
        payload: Buffer.from(this.#options.will()),
        qos: 1,
        retain: true,
      },
    });
    this.#client = client;
    client.on('connect', () => {
      // Small messages leave at once: Nagle’s wait for an acknowledgement costs 40 ms and more.
      if (client.stream instanceof Socket) client.stream.setNoDelay(true);
      this.#subscribe(client);
    });
    client.on('message', (topic, payload, packet) => this.#receive(topic, payload, packet.retain));
    client.on('error', (error) => {
      this.#lastError = error.message;
      log.debug({ err: error.message }, 'link error');
    });
    client.on('close', () => this.#closed(client));
  }

  #subscribe(client: MqttClient): void {
    const { site, gateway, log } = this.#options;
    const filters = downTopics.map((topic) => gatewayTopic(topic, site, gateway));
    client.subscribe(filters, { qos: 1 }, (error, granted) => {
      if (client !== this.#client || this.#stopped) return;
      const refused = granted?.find(({ qos }) => qos === 128);
      if (error || refused) {
        log.warn({ topic: refused?.topic }, 'subscription refused');
        client.end(true);
        return;
      }
      this.#up = true;
      this.#upSince = performance.now();
      this.#lastError = undefined;
      log.debug('link up');
      this.#options.onUp();
    });
  }

  #receive(topic: string, payload: Uint8Array, retained: boolean): void {
    const { site, gateway } = this.#options;
    const name = downTopics.find((candidate) => gatewayTopic(candidate, site, gateway) === topic);
    if (name) this.#options.onMessage(name, payload, retained);
  }

  #closed(client: MqttClient): void {
    if (client !== this.#client) return;
    client.removeAllListeners();
    // A late error of a dead client is nobody's.
    client.on('error', () => undefined);
    const wasUp = this.#up;
    this.#lose();
    if (this.#stopped) return;
    // A connection that does not last (somebody uses our identity too) must not be fought over at full speed.
    if (wasUp && performance.now() - this.#upSince > steadyMs) this.#attempt = 0;
    this.#retryLater(wasUp);
  }

  #retryLater(wasUp: boolean): void {
    const { firstMs, maxMs } = this.#options.retry ?? { firstMs: 300, maxMs: 15_000 };
    const delayMs = backoffMs(this.#attempt++, firstMs, maxMs, Math.random());
    // Said once per outage, not once per attempt.
    if (wasUp || this.#attempt === 3)
      this.#options.log.warn({ delayMs, err: this.#lastError }, 'no connection to the broker');
    this.#retry = setTimeout(() => this.#connect(), delayMs);
  }

  #lose(): void {
    this.#client = null;
    if (!this.#up) return;
    this.#up = false;
    this.#options.onDown();
  }
}

/** Settles when `work` calls back, or after `ms`. */
function within(ms: number, work: (finish: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    work(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
