import { gatewayTopic } from '@watchpost/contracts/wire';
import { type LinkProblem, type MqttLinkLimits, MqttLink as ServiceLink } from '@watchpost/service/mqtt';
import type { Logger } from 'pino';
import { type BrokerAccess, readCredentials } from '../identity/broker-access.ts';

/** What a gateway may publish to. */
export type UpTopic = 'up' | 'telemetry' | 'state' | 'reply';
/** What a gateway listens to. */
export type DownTopic = 'receipt' | 'cmd' | 'policy' | ToldTopic;
/** Where it is told of documents. A broker of the last version does not know these topics. */
export type ToldTopic = 'site' | 'permit';

const downTopics: readonly DownTopic[] = ['receipt', 'cmd', 'policy'];
const toldTopics: readonly ToldTopic[] = ['site', 'permit'];

export interface MqttLinkOptions {
  readonly broker: BrokerAccess;
  readonly site: string;
  readonly gateway: string;
  readonly log: Logger;
  /** Whether it listens for announcements too. */
  readonly isTold?: boolean;
  /** Deadlines and pauses; by default those of every link. */
  readonly limits?: Partial<MqttLinkLimits> | undefined;
  /** The retained state that the broker publishes when we vanish. */
  will(): string;
  /** Connected and subscribed: retained receipts and policies may come before this. */
  onUp(): void;
  onDown(): void;
  onMessage(topic: DownTopic, payload: Uint8Array, retained: boolean): void;
}

/**
 * The gateway’s link to the broker: its topics, its credentials, its will. Each connection begins without a
 * memory: what must not be lost lies in the outbox, and a session at the broker would only send it twice.
 */
export class MqttLink {
  readonly #link: ServiceLink;
  readonly #names: ReadonlyMap<string, DownTopic>;
  readonly #topicOf: (topic: UpTopic) => string;

  constructor(options: MqttLinkOptions) {
    const { broker, site, gateway, log, limits, isTold = false } = options;
    const optional = isTold ? toldTopics : [];
    this.#topicOf = (topic) => gatewayTopic(topic, site, gateway);
    this.#names = new Map(
      [...downTopics, ...optional].map((name) => [gatewayTopic(name, site, gateway), name]),
    );
    this.#link = new ServiceLink({
      access: () => ({ url: broker.url, ...readCredentials(broker) }),
      clientId: `wp-${site}-${gateway}`,
      filters: downTopics.map((name) => gatewayTopic(name, site, gateway)),
      optionalFilters: optional.map((name) => gatewayTopic(name, site, gateway)),
      will: () => ({ topic: this.#topicOf('state'), payload: options.will(), retain: true }),
      onMessage: ({ topic, payload, retained }) => {
        const name = this.#names.get(topic);
        if (name) options.onMessage(name, payload, retained);
      },
      onUp: () => options.onUp(),
      onDown: () => options.onDown(),
      logger: log,
      limits,
    });
  }

  get connected(): boolean {
    return this.#link.connected;
  }

  /** Why there is no connection. */
  get problem(): LinkProblem | undefined {
    return this.#link.problem;
  }

  start(): void {
    this.#link.start();
  }

  /** Publishes `offline` as the retained state when it still can, and disconnects. */
  stop(offline: string): Promise<void> {
    return this.#link.stop({ topic: this.#topicOf('state'), payload: offline, retain: true });
  }

  /**
   * Ends a connection properly and makes a new one, with the credentials that are there now. Does nothing
   * while there is none.
   */
  reconnect(): Promise<void> {
    return this.#link.reconnect();
  }

  /** Ends a connection on which something did not come that we waited for; the broker publishes the will. */
  giveUp(reason: string): void {
    this.#link.giveUp(reason);
  }

  /**
   * Hands a message to the broker at QoS 1; without a connection it does nothing. `done` only when the broker
   * has it.
   */
  publish(
    topic: UpTopic,
    payload: string,
    { retain = false, done }: { retain?: boolean; done?: () => void } = {},
  ): void {
    this.#link.publish({ topic: this.#topicOf(topic), payload, retain }, done);
  }
}
