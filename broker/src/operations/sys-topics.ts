import type { BrokerCounts } from './broker-metrics.ts';

export interface SysSource {
  readonly counts: BrokerCounts;
  /** Messages since the start. */
  messages(): Promise<{ readonly received: number; readonly sent: number }>;
  /** Publishes a retained message of QoS 0. */
  publish(topic: string, payload: string): void;
}

/** The broker’s numbers about itself on `$SYS/broker/…`, at regular intervals. */
export class SysTopics {
  readonly #source: SysSource;
  readonly #intervalSeconds: number;
  readonly #startedMs = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(source: SysSource, intervalSeconds: number) {
    this.#source = source;
    this.#intervalSeconds = intervalSeconds;
  }

  start(): void {
    if (this.#intervalSeconds === 0) return;
    void this.#publish();
    this.#timer = setInterval(() => void this.#publish(), this.#intervalSeconds * 1000);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #publish(): Promise<void> {
    const { counts, messages, publish } = this.#source;
    const { received, sent } = await messages();
    const numbers: Record<string, number> = {
      uptime: Math.floor((performance.now() - this.#startedMs) / 1000),
      connections: counts.connections(),
      'clients/connected': counts.clients(),
      'sessions/count': counts.sessions(),
      'messages/received': received,
      'messages/sent': sent,
      'messages/queued': counts.queued(),
      'retained/count': counts.retainedMessages(),
      'retained/bytes': counts.retainedBytes(),
      'listeners/insecure': counts.insecureListeners(),
      'gateways/flooding': counts.flooding(),
    };
    if (counts.clusterUp) numbers['cluster/up'] = counts.clusterUp();
    for (const [name, value] of Object.entries(numbers)) publish(`$SYS/broker/${name}`, String(value));
  }
}
