import {
  alertSchema,
  alertTopic,
  parseJson,
  parseTopic,
  parseWith,
  WatchpostError,
} from '@watchpost/contracts';
import mqtt, { type MqttClient } from 'mqtt';
import { AlertBook, type AlertChange } from './domain/alert-book.ts';
import { type AlertFilter, wanted } from './domain/alert-filter.ts';

export type FeedState = 'connecting' | 'connected' | 'refused';

/** What a node gets. None of these may throw. */
export interface AlertListener {
  change(change: AlertChange): void;
  state(state: FeedState): void;
  /** A message that is no alert, or a broker that refuses us. */
  problem(error: WatchpostError): void;
}

export interface AlertFeedOptions {
  readonly site: string;
  readonly broker: { readonly url: string; readonly username?: string; readonly password?: string };
  readonly reconnectMs?: number;
}

/** At most this many problems are passed on per ten seconds; the rest is only counted. */
const problemsPerWindow = 10;
const windowMs = 10_000;

/** One connection to the broker for all nodes: checks what comes in and tells each node what it asked for. */
export class AlertFeed {
  readonly #options: AlertFeedOptions;
  readonly #book = new AlertBook();
  readonly #listeners = new Map<AlertListener, AlertFilter>();
  #client: MqttClient | undefined;
  #state: FeedState = 'connecting';
  #synchronised = false;
  #connectedBefore = false;
  #problems = { count: 0, since: 0 };

  constructor(options: AlertFeedOptions) {
    this.#options = options;
  }

  get state(): FeedState {
    return this.#state;
  }

  /** Connects, and keeps trying: a broker that is down is a state, not an error. */
  start(): void {
    const { site, broker, reconnectMs = 2000 } = this.#options;
    const client = mqtt.connect(broker.url, {
      ...(broker.username === undefined ? {} : { username: broker.username }),
      ...(broker.password === undefined ? {} : { password: broker.password }),
      clientId: `flows-${site}-${crypto.randomUUID().slice(0, 8)}`,
      reconnectPeriod: reconnectMs,
      resubscribe: false,
    });
    this.#client = client;
    client.on('connect', () => void this.#subscribe(client));
    client.on('close', () => {
      if (this.#state === 'connected') this.#become('connecting');
    });
    client.on('error', (cause) => {
      // 4 and 5: CONNACK return codes for wrong credentials (MQTT 3.1.1 §3.2.2.3)
      if ('code' in cause && (cause.code === 4 || cause.code === 5))
        this.#refuse(new WatchpostError('broker.unauthorized', { cause }));
    });
    client.on('message', (topic, payload, packet) => this.#receive(topic, payload, packet.retain));
  }

  /** Gives up the connection; listeners stay but hear nothing more. */
  async stop(): Promise<void> {
    await this.#client?.endAsync(true);
    this.#client = undefined;
  }

  /** Adds a node; what is returned removes it. Alerts already known are passed on as `existing` if it wants them. */
  subscribe(filter: AlertFilter, listener: AlertListener): () => void {
    this.#listeners.set(listener, filter);
    listener.state(this.#state);
    for (const alert of this.#book.open) {
      const change: AlertChange = { change: 'existing', alert, topic: alertTopic(alert.site, alert.id) };
      if (wanted(filter, change)) listener.change(change);
    }
    return () => void this.#listeners.delete(listener);
  }

  async #subscribe(client: MqttClient): Promise<void> {
    const filter = alertTopic(this.#options.site, '+');
    // What is stored when we come back and was not there before has opened meanwhile.
    this.#synchronised ||= this.#connectedBefore;
    try {
      await client.subscribeAsync(filter, { qos: 1 });
      this.#connectedBefore = true;
      this.#become('connected');
    } catch (cause) {
      if (client.connected)
        this.#refuse(new WatchpostError('broker.forbidden_topic', { details: { filter }, cause }));
    }
  }

  #receive(topic: string, payload: Uint8Array, retained: boolean): void {
    let change: AlertChange | undefined;
    try {
      change = this.#read(topic, payload, retained);
    } catch (error) {
      this.#problem(
        error instanceof WatchpostError ? error : new WatchpostError('wire.schema', { cause: error }),
      );
      return;
    }
    // The first message that was not stored comes after all that were: from here on, unknown alerts are new.
    this.#synchronised ||= !retained;
    if (!change) return;
    for (const [listener, filter] of this.#listeners) if (wanted(filter, change)) listener.change(change);
  }

  #read(topic: string, payload: Uint8Array, retained: boolean): AlertChange | undefined {
    const parsed = parseTopic(topic);
    if (parsed?.name !== 'alert' || parsed.alert === undefined) throw new WatchpostError('wire.topic');
    if (payload.byteLength === 0) return this.#book.closed(topic, parsed.alert);
    const alert = parseWith(alertSchema, parseJson(payload));
    if (alert.id !== parsed.alert || alert.site !== parsed.site)
      throw new WatchpostError('wire.source_mismatch', { path: alert.id === parsed.alert ? '/site' : '/id' });
    return this.#book.heard(topic, alert, retained && !this.#synchronised);
  }

  #become(state: FeedState): void {
    this.#state = state;
    for (const listener of this.#listeners.keys()) listener.state(state);
  }

  #refuse(error: WatchpostError): void {
    this.#become('refused');
    this.#problem(error);
  }

  #problem(error: WatchpostError): void {
    const now = performance.now();
    if (now - this.#problems.since >= windowMs) this.#problems = { count: 0, since: now };
    if (this.#problems.count++ >= problemsPerWindow) return;
    for (const listener of this.#listeners.keys()) listener.problem(error);
  }
}
