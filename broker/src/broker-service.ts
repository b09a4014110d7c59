import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { WatchpostError } from '@watchpost/contracts';
import { Aedes, type Client } from 'aedes';
import { type Logger, pino } from 'pino';
import { Registry } from 'prom-client';
import { Audit } from './audit.ts';
import { secretAuthenticator } from './authenticator.ts';
import { type Authorisation, topicTableRules } from './authorisation.ts';
import { type BrokerMetrics, brokerMetrics } from './broker-metrics.ts';
import { ClientHandling } from './client-handling.ts';
import { type BrokerConfig, type BrokerOptions, parseBrokerConfig } from './config.ts';
import { refusalOf } from './connection-end.ts';
import { ConnectionGate } from './connection-gate.ts';
import { GuardedConnection } from './guarded-connection.ts';
import { MemorySessions } from './memory-sessions.ts';
import { SessionOwners } from './session-owners.ts';

/** A running broker. */
export interface BrokerService {
  /** The port that clients connect to. */
  readonly port: number;
  /** Prometheus text of the registry. */
  metrics(): Promise<string>;
  /** Closes the port and all connections, within two seconds. Calling it again waits for the same stop. */
  stop(): Promise<void>;
}

const stopMs = 1500;

/** The broker: owns the port, the connections and Aedes. */
export class Broker implements BrokerService {
  readonly #config: BrokerConfig;
  readonly #log: Logger;
  readonly #registry: Registry;
  readonly #aedes: Aedes;
  readonly #server: Server;
  readonly #gate: ConnectionGate;
  readonly #sockets = new Set<Socket>();
  readonly #handling: ClientHandling;
  readonly #sessions: MemorySessions;
  readonly #owners = new SessionOwners();
  readonly #audit: Audit;
  #port = 0;
  #stopping: Promise<void> | undefined;

  constructor(options: BrokerOptions, authorisation: Authorisation) {
    const { logger, registry, ...config } = options;
    this.#config = parseBrokerConfig(config);
    const { limits, identities, anonymous } = this.#config;
    this.#log = logger ?? pino({ level: 'silent' });
    this.#registry = registry ?? new Registry();
    this.#gate = new ConnectionGate(limits.connections, limits.connectionsPerAddress);
    const metrics: BrokerMetrics = brokerMetrics(this.#registry, {
      connections: () => this.#gate.open,
      clients: () => this.#aedes.connectedClients,
      sessions: () => this.#sessions.sessions,
      queued: () => this.#sessions.queued,
      retainedMessages: () => this.#sessions.retained.messages,
      retainedBytes: () => this.#sessions.retained.bytes,
    });
    this.#audit = new Audit(this.#log, metrics, () => performance.now());
    this.#sessions = new MemorySessions(limits, {
      nowMs: () => performance.now(),
      dropped: (limit, clientId) => this.#audit.dropped(limit, clientId),
      granted: (client, filter) => this.#handling.isGranted(client, filter),
    });
    this.#handling = new ClientHandling({
      limits,
      sessions: this.#sessions,
      authenticator: secretAuthenticator(identities, anonymous),
      authorisation,
      audit: this.#audit,
      metrics,
      owners: this.#owners,
      connected: (clientId) => this.#clients()[clientId],
    });
    this.#aedes = new Aedes({
      connectTimeout: limits.connectTimeoutMs,
      maxTopicLevels: 100, // ours is checked with the topic rules
      maxInflightInbound: limits.inflightInbound,
      drainTimeout: 0, // never waits: see GuardedConnection
      persistence: this.#sessions,
      ...this.#handling.callbacks(),
    });
    this.#server = createServer({ noDelay: true, allowHalfOpen: false }, (socket) => this.#accept(socket));
    this.#listenToAedes();
  }

  /** Known once it has started; stays known after the stop. */
  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    await this.#aedes.listen();
    const { host, port } = this.#config;
    try {
      this.#server.listen({ host, port, backlog: 1024 });
      await once(this.#server, 'listening');
    } catch (cause) {
      await new Promise<void>((resolve) => this.#aedes.close(resolve));
      throw listenError(cause, host, port);
    }
    const address = this.#server.address();
    this.#port = address && typeof address === 'object' ? address.port : port;
    this.#log.info({ host, port: this.#port }, 'broker listens');
  }

  metrics(): Promise<string> {
    return this.#registry.metrics();
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopOnce();
    return this.#stopping;
  }

  async #stopOnce(): Promise<void> {
    const serverClosed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const aedesClosed = new Promise<void>((resolve) => this.#aedes.close(resolve));
    const timer = setTimeout(() => this.#destroySockets(), stopMs);
    await Promise.race([aedesClosed, new Promise<void>((resolve) => setTimeout(resolve, stopMs).unref())]);
    this.#destroySockets();
    clearTimeout(timer);
    await serverClosed;
    this.#log.info('broker stopped');
  }

  #destroySockets(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Aedes keeps them in a public field that its types leave out. */
  #clients(): Readonly<Record<string, Client | undefined>> {
    return (this.#aedes as Aedes & { readonly clients: Record<string, Client | undefined> }).clients;
  }

  #accept(socket: Socket): void {
    const remote = socket.remoteAddress ?? '';
    const entry = this.#gate.enter(remote);
    if (entry !== 'entered') {
      this.#audit.refused(entry, { remote });
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#gate.leave(remote);
    });
    const throttled = () => this.#audit.throttled(remote);
    this.#aedes.handle(
      new GuardedConnection(socket, { remoteAddress: remote }, this.#config.limits, { throttled }),
    );
  }

  #listenToAedes(): void {
    const aedes = this.#aedes;
    aedes.on('connackSent', (packet, client) => {
      if (packet.returnCode !== 0) return;
      this.#handling.admitted(client);
      this.#audit.connected(this.#handling.subject(client));
    });
    aedes.on('unsubscribe', (filters, client) => this.#handling.unsubscribed(client, filters));
    aedes.on('clientDisconnect', (client) => {
      if (!this.#clients()[client.id]) this.#owners.release(client.id);
      this.#audit.disconnected(this.#handling.subject(client));
    });
    const ended = (client: Client, error: Error) => {
      const reason = refusalOf(error);
      if (!reason) return;
      const details = error instanceof WatchpostError ? error.details : { found: error.message };
      this.#audit.refused(reason, this.#handling.subject(client), details);
    };
    aedes.on('clientError', ended);
    aedes.on('connectionError', ended);
    // not in the types: a failure of the persistence or the emitter
    (aedes as NodeJS.EventEmitter).on('error', (error: Error) =>
      this.#log.error({ err: error }, 'broker engine failed'),
    );
  }
}

function listenError(cause: unknown, host: string, port: number): WatchpostError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (code === 'EADDRINUSE')
    return new WatchpostError('config.port_taken', { details: { host, port }, cause });
  return new WatchpostError('config.invalid', { path: '/host', details: { host, port, code }, cause });
}

/**
 * Starts the broker with the topic rules of the contracts.
 * @throws WatchpostError `config.invalid` or `config.port_taken`.
 */
export async function startBroker(options: BrokerOptions): Promise<BrokerService> {
  const broker = new Broker(options, topicTableRules);
  await broker.start();
  return broker;
}
