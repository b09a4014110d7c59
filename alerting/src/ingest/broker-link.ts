import { type LinkProblem, MqttLink, type MqttLinkLimits } from '@watchpost/service/mqtt';
import type { Logger } from 'pino';

/** Where the broker is, and as whom to connect. */
export interface BrokerOptions {
  /** `mqtt://host:port` or `mqtts://…`. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** Deadlines and pauses; by default those of every link. */
  readonly limits?: Partial<MqttLinkLimits>;
}

/** What {@link BrokerLink} needs. */
export interface BrokerLinkOptions extends BrokerOptions {
  readonly clientId: string;
  readonly filters: readonly string[];
  /** Done without where the broker refuses them. */
  readonly optionalFilters?: readonly string[];

  /** Takes a message; the broker is held back until it settles. Must not reject. */
  readonly take: (topic: string, payload: Uint8Array, retained: boolean) => Promise<void>;
  /** After each (re)connection and subscription; whether the broker knew us from before. */
  readonly connected: (isKept: boolean) => void;
  /** A connection that was up ended. */
  readonly lost: (problem: LinkProblem) => void;
  readonly logger: Logger;
}

/**
 * Alerting’s link to the broker: one persistent session at QoS 1. Nothing is published while it is down,
 * because everything that matters is retained and published again after a reconnection.
 */
export class BrokerLink {
  readonly #link: MqttLink;
  #followed: ReadonlySet<string> = new Set();

  constructor({ url, username, password, limits, ...options }: BrokerLinkOptions) {
    this.#link = new MqttLink({
      access: () => ({ url, username, password }),
      clientId: options.clientId,
      clean: false,
      filters: options.filters,
      optionalFilters: options.optionalFilters ?? [],
      onFilterRefused: (filter) => {
        if (this.#followed.has(filter)) this.#link.giveUp(`the broker refuses ${filter}`);
      },
      onMessage: ({ topic, payload, retained }) => options.take(topic, payload, retained),
      onUp: options.connected,
      onDown: options.lost,
      logger: options.logger,
      limits,
    });
  }

  get isConnected(): boolean {
    return this.#link.connected;
  }

  /** Why there is no connection. */
  get problem(): LinkProblem | undefined {
    return this.#link.problem;
  }

  /** Attempts and connections that failed, by fault. */
  get faults(): MqttLink['faults'] {
    return this.#link.faults;
  }

  /** Begins to connect; does not wait for it. */
  start(): void {
    this.#link.start();
  }

  /**
   * From now on these filters are followed, beside those that never change, and not those of before.
   * `dropped` are others that a session of before may still have at the broker.
   */
  follow(filters: readonly string[], dropped: readonly string[]): void {
    const before = this.#followed;
    this.#followed = new Set(filters);
    // First: what is in both ways followed meanwhile comes twice, which is better than not at all.
    this.#link.subscribe(filters.filter((filter) => !before.has(filter)));
    const others = new Set([...before, ...dropped]);
    this.#link.unsubscribe([...others].filter((filter) => !this.#followed.has(filter)));
  }

  /**
   * Publishes retained at QoS 1, or drops the message while there is no connection; `done` once the broker
   * has it.
   */
  publishRetained(topic: string, payload: string, done?: () => void): void {
    this.#link.publish({ topic, payload, retain: true }, done);
  }

  /**
   * Publishes at QoS 1 without retaining it; `done` once the broker has it. Whether there was a connection:
   * without one nothing is published.
   */
  publish(topic: string, payload: string, done: () => void): boolean {
    if (!this.#link.connected) return false;
    this.#link.publish({ topic, payload, retain: false }, done);
    return true;
  }

  async stop(): Promise<void> {
    await this.#link.stop();
  }
}
