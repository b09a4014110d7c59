import { MetricsEndpoint } from '@watchpost/service';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { Audit } from './audit.ts';
import { type BrokerCounts, type BrokerMetrics, brokerMetrics } from './broker-metrics.ts';
import { FloodNotices } from './flood-notices.ts';
import { SysTopics } from './sys-topics.ts';

export interface OperationsOptions {
  readonly logger: Logger;
  readonly registry: Registry;
  /** Asked when somebody wants to know. */
  readonly counts: BrokerCounts;
  /** Absent: metrics are answered nowhere. */
  readonly metricsPort: number | undefined;
  /** 0: nothing on `$SYS`. */
  readonly sysIntervalSeconds: number;
  /** Publishes a retained message of QoS 0; an empty one takes it away. */
  publishRetained(topic: string, text: string): void;
}

/** What operators see of the broker: log lines, metrics, `$SYS` and who floods it. */
export class Operations {
  readonly audit: Audit;
  readonly metrics: BrokerMetrics;
  readonly floods: FloodNotices;
  readonly #registry: Registry;
  readonly #sys: SysTopics;
  readonly #endpoint: MetricsEndpoint | undefined;

  constructor(options: OperationsOptions) {
    const { logger, registry, counts, metricsPort, sysIntervalSeconds } = options;
    const nowMs = () => performance.now();
    const publish = (topic: string, text: string) => options.publishRetained(topic, text);
    this.#registry = registry;
    this.metrics = brokerMetrics(registry, counts);
    this.audit = new Audit(logger, this.metrics, nowMs);
    this.floods = new FloodNotices({
      nowMs,
      publish,
      began: (notice) => this.audit.floodBegan(notice),
      ended: (notice) => this.audit.floodEnded(notice),
    });
    this.#sys = new SysTopics({ counts, metrics: this.metrics, publish }, sysIntervalSeconds);
    this.#endpoint = metricsPort === undefined ? undefined : new MetricsEndpoint(registry, metricsPort);
  }

  /** Where metrics are answered, if they are. */
  get metricsPort(): number | undefined {
    return this.#endpoint?.port;
  }

  /** Prometheus text of the registry. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** Answers metrics from now on. @throws WatchpostError `config.port_taken` */
  async listen(): Promise<void> {
    await this.#endpoint?.start();
  }

  /** Publishes from now on; clients must be able to hear it. */
  start(): void {
    this.#sys.start();
    this.floods.start();
  }

  /** Publishes no more; metrics are still answered. */
  stop(): void {
    this.#sys.stop();
    this.floods.stop();
  }

  /** Answers metrics no more. */
  async close(): Promise<void> {
    await this.#endpoint?.stop();
  }
}
