import type { WatchpostError } from '@watchpost/contracts/errors';
import type { BrokerConfig } from '../config.ts';
import { SharedMemory } from '../domain/shared-memory.ts';
import type { RefusalReason } from '../operations/broker-metrics.ts';
import { PacedWork } from '../paced-work.ts';
import { Arrivals } from './arrivals.ts';
import { BeforeConnect } from './before-connect.ts';
import { detailsOf, refusalOf } from './connection-end.ts';
import { ConnectionGate } from './connection-gate.ts';
import { GuardedConnection } from './guarded-connection.ts';
import { Listener } from './listener.ts';
import { departurePolicy } from './policy.ts';

export interface ListenersEvents {
  /** A connection whose CONNECT is there. */
  accept(connection: GuardedConnection): void;
  refused(reason: RefusalReason, remote: string, details?: WatchpostError['details']): void;
  /** A client sends faster than it may. */
  throttled(remote: string): void;
  /** More arrive than are let in. */
  delayed(): void;
}

/** All ports of the broker, and the pace at which connections come and go on them together. */
export class Listeners {
  readonly #gate: ConnectionGate;
  readonly #arrivals: Arrivals;
  readonly #departures = new PacedWork(departurePolicy.perTurn);
  /** What waits for clients that read slowly. */
  readonly #outgoing: SharedMemory;
  readonly #listeners: readonly Listener[];

  constructor(config: Pick<BrokerConfig, 'host' | 'port' | 'listeners' | 'limits'>, events: ListenersEvents) {
    const { host, port, listeners, limits } = config;
    this.#gate = new ConnectionGate(limits.connections, limits.connectionsPerAddress);
    this.#arrivals = new Arrivals(limits.connectsPerSecond, { delayed: () => events.delayed() });
    this.#outgoing = new SharedMemory(limits.outboundTotalBytes);
    const paced = (work: () => void) => this.#departures.add(work);
    const plain = {
      type: 'tcp',
      host,
      port,
      proxyProtocol: false,
      insecure: false,
      path: '/',
      allowedOrigins: [],
    } as const;
    this.#listeners = [plain, ...listeners].map(
      (listener) =>
        new Listener({ ...listener, allowedOrigins: [...listener.allowedOrigins] }, limits, this.#gate, {
          accept: (transport, origin) => {
            const throttled = () => events.throttled(origin.remoteAddress);
            new BeforeConnect(transport, limits, {
              whole: () => {
                origin.connectCame?.();
                events.accept(
                  new GuardedConnection(transport, origin, limits, this.#outgoing, { throttled, paced }),
                );
              },
              refused: (error) => {
                const reason = refusalOf(error);
                if (reason) events.refused(reason, origin.remoteAddress, detailsOf(error));
              },
              paced,
            });
          },
          paced,
          arrived: (address, letIn) => this.#arrivals.add(address, letIn),
          refused: (reason, remote) => events.refused(reason, remote),
          throttled: (remote) => events.throttled(remote),
        }),
    );
  }

  /** The port of plain MQTT. */
  get port(): number {
    return this.#listeners[0]?.port ?? 0;
  }

  /** The ports of the further listeners, in their order. */
  get ports(): readonly number[] {
    return this.#listeners.slice(1).map((listener) => listener.port);
  }

  /** Open connections. */
  get open(): number {
    return this.#gate.open;
  }

  /**
   * @throws WatchpostError `config.port_taken`, or `config.invalid` for a host or certificate that cannot be
   * used.
   */
  async start(): Promise<void> {
    for (const listener of this.#listeners) await listener.start();
  }

  /** Reads the certificates again. @throws WatchpostError `config.invalid` */
  async reload(): Promise<void> {
    for (const listener of this.#listeners) await listener.reload();
  }

  /** No new connections, and nobody who waits is let in; those that are open stay. */
  async close(): Promise<void> {
    this.#arrivals.stop();
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }

  destroyConnections(): void {
    for (const listener of this.#listeners) listener.destroyConnections();
  }
}
