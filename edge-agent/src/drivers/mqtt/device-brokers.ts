import { createHash } from 'node:crypto';
import type { ErrorCode } from '@watchpost/contracts/errors';
import type { DeviceBroker } from '@watchpost/contracts/site';
import { type LinkProblem, MqttLink, type MqttLinkLimits } from '@watchpost/service/mqtt';
import type { Logger } from 'pino';
import { readSecretText } from '../../storage/secret-place.ts';

/** What is said on the topics of one device. */
export interface TopicEvents {
  /** Connected and subscribed. */
  up(): void;
  /** There is no connection, or the broker refuses a topic. */
  lost(error: ErrorCode): void;
  message(topic: string, payload: Uint8Array, retained: boolean): void;
}

export interface DeviceBrokersOptions {
  readonly site: string;
  readonly gateway: string;
  readonly log: Logger;
  /** Where the secret of a name is. */
  readonly fileOf: (secret: string) => string;
  readonly limits?: Partial<MqttLinkLimits> | undefined;
}

interface Listener {
  readonly topics: readonly string[];
  readonly events: TopicEvents;
}

/**
 * The brokers of the device network: one connection for all devices with the same broker and user. It is
 * opened for the first device and closed after the last, and begins without a memory each time.
 */
export class DeviceBrokers {
  readonly #options: DeviceBrokersOptions;
  readonly #brokers = new Map<string, BrokerOfDevices>();

  constructor(options: DeviceBrokersOptions) {
    this.#options = options;
  }

  /** Listens to topics; what is given ends that, and settles when nothing of it is left open. */
  listen(broker: DeviceBroker, topics: readonly string[], events: TopicEvents): () => Promise<void> {
    const key = JSON.stringify([broker.url, broker.user]);
    const shared = this.#brokers.get(key) ?? new BrokerOfDevices(broker, this.#options);
    this.#brokers.set(key, shared);
    const listener = { topics, events };
    shared.add(listener);
    return async () => {
      if (!shared.remove(listener)) return;
      this.#brokers.delete(key);
      await shared.stop();
    };
  }
}

class BrokerOfDevices {
  readonly #link: MqttLink;
  readonly #listeners = new Set<Listener>();

  constructor({ url, user, password }: DeviceBroker, options: DeviceBrokersOptions) {
    const { site, gateway, log, fileOf, limits } = options;
    // Another user of the same gateway is another client: one id would throw the other out.
    const name = createHash('sha256').update(`${url} ${user}`).digest('hex').slice(0, 8);
    this.#link = new MqttLink({
      access: () => ({
        url,
        ...(user === undefined ? {} : { username: user }),
        ...(password === undefined ? {} : { password: readSecretText(fileOf(password.secret)) }),
      }),
      clientId: `wp-${site}-${gateway}-${name}`,
      filters: [],
      onMessage: ({ topic, payload, retained }) => {
        for (const { topics, events } of this.#listeners)
          if (topics.includes(topic)) events.message(topic, payload, retained);
      },
      onFilterRefused: (filter) => {
        for (const { topics, events } of this.#listeners)
          if (topics.includes(filter)) events.lost('edge.device_topic_refused');
      },
      onUp: () => this.#each(({ up }) => up()),
      onDown: (problem) => this.#each(({ lost }) => lost(codeOf(problem))),
      onFault: (problem) => this.#each(({ lost }) => lost(codeOf(problem))),
      logger: log.child({ deviceBroker: new URL(url).host }),
      limits,
    });
  }

  add(listener: Listener): void {
    const wasUp = this.#link.connected;
    this.#listeners.add(listener);
    this.#link.subscribe(listener.topics);
    this.#link.start();
    if (wasUp) listener.events.up();
  }

  /** @returns whether nobody listens any more, and somebody did */
  remove(listener: Listener): boolean {
    return this.#listeners.delete(listener) && this.#listeners.size === 0;
  }

  stop(): Promise<void> {
    return this.#link.stop();
  }

  #each(tell: (events: TopicEvents) => void): void {
    for (const { events } of this.#listeners) tell(events);
  }
}

function codeOf({ fault }: LinkProblem): ErrorCode {
  if (fault === 'no_credentials') return 'config.secret_file';
  return fault === 'refused' ? 'edge.device_broker_refused' : 'edge.device_broker';
}
