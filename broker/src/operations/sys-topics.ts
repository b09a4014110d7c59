import type { Counter } from 'prom-client';
import type { BrokerCounts, BrokerMetrics } from './broker-metrics.ts';

export interface SysSource {
  readonly counts: BrokerCounts;
  /** Of messages since the start. */
  readonly metrics: Pick<BrokerMetrics, 'messagesIn' | 'messagesOut'>;
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
    const { counts, metrics, publish } = this.#source;
    const [received, sent] = [await totalOf(metrics.messagesIn), await totalOf(metrics.messagesOut)];
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

async function totalOf(counter: Counter<string>): Promise<number> {
  return (await counter.get()).values.reduce((sum, { value }) => sum + value, 0);
}
