import type { Client } from 'aedes';
import { type Logger, pino } from 'pino';
import { Registry } from 'prom-client';
import { AttemptLimit } from './access/attempt-limit.ts';
import { type Authorisation, topicTableRules } from './access/authorisation.ts';
import { CredentialWatch } from './access/credential-watch.ts';
import { attemptPolicy } from './access/policy.ts';
import { TrustedCredentials } from './access/trusted-credentials.ts';
import { ClientHandling } from './client-handling.ts';
import type { Cluster } from './cluster/cluster.ts';
import { type BrokerConfig, type BrokerOptions, insecureListeners, parseBrokerConfig } from './config.ts';
import { detailsOf, refusalOf } from './connections/connection-end.ts';
import { Listeners } from './connections/listeners.ts';
import { TelemetryLimit } from './connections/telemetry-limit.ts';
import { Engine } from './engine.ts';
import type { Audit } from './operations/audit.ts';
import type { BrokerCounts } from './operations/broker-metrics.ts';
import { Operations } from './operations/operations.ts';
import { brokerPolicy } from './policy.ts';
import { keptInMemory } from './sessions/kept-in-memory.ts';
import type { KeptSessions } from './sessions/kept-sessions.ts';
import { MemorySessions, type SessionEvents } from './sessions/memory-sessions.ts';
import { OwnersFile } from './sessions/owners-file.ts';
import { SessionOwners } from './sessions/session-owners.ts';
import { SessionSweep } from './sessions/session-sweep.ts';
import type { Sessions } from './sessions/sessions.ts';

/** A running broker. */
export interface BrokerService {
  /** The port of plain MQTT. */
  readonly port: number;
  /** The ports of the further listeners, in their order. */
  readonly ports: readonly number[];
  /** Where `GET /metrics` is answered, if configured. */
  readonly metricsPort: number | undefined;
  /** On how many ports secrets and tokens of other computers come in without encryption, as configured. */
  readonly insecureListeners: number;
  /** Prometheus text of the registry. */
  metrics(): Promise<string>;
  /**
   * Takes identities, certificates and the site of gateways from a new configuration, and closes who is no
   * longer known, at once. Everything else of the configuration needs a restart.
   * @throws WatchpostError `config.invalid`; nothing has changed then.
   */
  reload(config: Omit<BrokerOptions, 'logger' | 'registry'>): Promise<void>;
  /** Closes the ports and all connections, within two seconds. Calling it again waits for the same stop. */
  stop(): Promise<void>;
}

type NewCluster = (...args: ConstructorParameters<typeof Cluster>) => Cluster;

/** The broker: puts its parts together, starts and stops them. */
export class Broker implements BrokerService {
  readonly #config: BrokerConfig;
  readonly #log: Logger;
  readonly #operations: Operations;
  readonly #audit: Audit;
  readonly #trusted: TrustedCredentials;
  readonly #owners = new SessionOwners(undefined, () => this.#ownersFile?.changed());
  readonly #ownersFile: OwnersFile | undefined;
  readonly #cluster: Cluster | undefined;
  readonly #sessions: Sessions;
  readonly #sweep: SessionSweep;
  readonly #handling: ClientHandling;
  readonly #watch: CredentialWatch;
  readonly #engine: Engine;
  readonly #listeners: Listeners;
  #closing = false;
  #stopping: Promise<void> | undefined;

  private constructor(options: BrokerOptions, authorisation: Authorisation, newCluster?: NewCluster) {
    const { logger, registry, ...config } = options;
    this.#config = parseBrokerConfig(config);
    const { limits, metricsPort, sysIntervalSeconds } = this.#config;
    this.#log = logger ?? pino({ level: 'silent' });
    this.#operations = new Operations({
      logger: this.#log,
      registry: registry ?? new Registry(),
      counts: this.#counts(),
      metricsPort,
      sysIntervalSeconds,
      publishRetained: (topic, text) => this.#engine.publishRetained(topic, text),
    });
    this.#audit = this.#operations.audit;
    this.#trusted = new TrustedCredentials(this.#config, {
      changed: (entries) => {
        this.#audit.revocationsRead(entries);
        this.#watch.closeWhoLostStanding();
      },
      damaged: (error) => this.#audit.revocationsDamaged(error),
    });
    this.#ownersFile = this.#newOwnersFile();
    this.#cluster = newCluster && this.#newCluster(newCluster);
    const { sessions, kept } = this.#cluster ?? this.#newSessionsInMemory();
    this.#sessions = sessions;
    this.#sweep = new SessionSweep({
      limits,
      owners: this.#owners,
      isReady: () => this.#cluster?.isReady !== false,
      sweep: () => {
        const { clients } = this.#engine;
        return this.#sessions.sweep((id) => clients[id] !== undefined);
      },
      expired: (clientId) => this.#audit.expired(clientId),
      failed: (error) => this.#log.error({ err: error }, 'old sessions not ended'),
    });
    this.#handling = this.#newHandling(authorisation);
    this.#watch = new CredentialWatch({
      handling: this.#handling,
      audit: this.#audit,
      kept,
      sessionGraceMs: limits.sessionGraceMs,
      standing: (client) => this.#trusted.authenticator.standing(client),
      failed: (error) => this.#log.error({ err: error }, 'kept sessions not looked at'),
      clients: () => this.#engine.clients,
    });
    this.#engine = this.#newEngine();
    this.#listeners = new Listeners(this.#config, {
      accept: (connection) => this.#engine.handle(connection),
      refused: (reason, remote, details) => void this.#audit.refused(reason, { remote }, details),
      throttled: (remote) => this.#audit.throttled(remote),
      delayed: () => this.#audit.delayed(),
    });
  }

  /** A broker that is not one of several never loads the client of Redis. */
  static async create(options: BrokerOptions, authorisation: Authorisation): Promise<Broker> {
    if (!options.cluster) return new Broker(options, authorisation);
    const { Cluster } = await import('./cluster/cluster.ts');
    return new Broker(options, authorisation, (...args) => new Cluster(...args));
  }

  get port(): number {
    return this.#listeners.port;
  }

  get ports(): readonly number[] {
    return this.#listeners.ports;
  }

  get metricsPort(): number | undefined {
    return this.#operations.metricsPort;
  }

  get insecureListeners(): number {
    return insecureListeners(this.#config).length;
  }

  async start(): Promise<void> {
    await this.#engine.start();
    try {
      await this.#trusted.start();
      for (const { clientId, client } of (await this.#ownersFile?.read()) ?? [])
        this.#owners.restore(clientId, client);
      await this.#cluster?.start();
      await this.#listeners.start();
      await this.#operations.listen();
    } catch (error) {
      await this.stop();
      throw error;
    }
    this.#operations.start();
    this.#watch.start();
    this.#sweep.start();
    for (const setting of insecureListeners(this.#config))
      this.#log.warn({ setting }, 'secrets and tokens come in without encryption, as configured');
    this.#log.info({ host: this.#config.host, port: this.port, ports: this.ports }, 'broker listens');
  }

  metrics(): Promise<string> {
    return this.#operations.text();
  }

  async reload(config: Omit<BrokerOptions, 'logger' | 'registry'>): Promise<void> {
    const next = parseBrokerConfig(config);
    await this.#listeners.reload();
    this.#trusted.reload(next);
    const closed = this.#watch.closeWhoLostStanding();
    this.#log.info({ identities: next.identities.length, closed }, 'configuration read again');
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopOnce();
    return this.#stopping;
  }

  async #stopOnce(): Promise<void> {
    this.#closing = true;
    this.#sweep.stop();
    this.#operations.stop();
    this.#watch.stop();
    this.#ownersFile?.write();
    this.#trusted.stop();
    const portsClosed = this.#listeners.close();
    await this.#cluster?.settled(brokerPolicy.stopMs);
    // what was written already goes out first; a connection that takes nothing must not hold up the others
    const limit = new Promise<void>((resolve) => setTimeout(resolve, brokerPolicy.stopMs).unref());
    await Promise.race([this.#engine.close(), limit]);
    this.#listeners.destroyConnections();
    await this.#cluster?.stop();
    await Promise.all([portsClosed, this.#operations.close()]);
    this.#log.info('broker stopped');
  }

  #newOwnersFile(): OwnersFile | undefined {
    const { ownersFile, cluster } = this.#config;
    if (ownersFile === undefined || cluster) return undefined;
    return new OwnersFile(ownersFile, {
      current: () => [...this.#owners.kept()].map(({ clientId, client }) => ({ clientId, client })),
      failed: (error) => this.#audit.ownersNotKept(error),
    });
  }

  readonly #sessionEvents: SessionEvents = {
    nowMs: () => performance.now(),
    dropped: (limit, clientId) => this.#audit.dropped(limit, clientId),
    granted: (client, filter) => this.#handling.isGranted(client, filter),
    isConnected: (clientId) => this.#engine.clients[clientId] !== undefined,
  };

  #newSessionsInMemory(): { readonly sessions: Sessions; readonly kept: KeptSessions } {
    const sessions = new MemorySessions(this.#config.limits, this.#sessionEvents);
    const { isConnected } = this.#sessionEvents;
    const kept = keptInMemory(this.#owners, { isConnected, end: (clientId) => sessions.end(clientId) });
    return { sessions, kept };
  }

  #newCluster(newCluster: NewCluster): Cluster | undefined {
    const { cluster, limits } = this.#config;
    if (!cluster) return undefined;
    const events = {
      ...this.#sessionEvents,
      close: (client: Client) => client.close(),
      closeAll: () => {
        for (const client of Object.values(this.#engine.clients)) client?.close();
      },
    };
    return newCluster(cluster, limits, events, this.#log);
  }

  #newHandling(authorisation: Authorisation): ClientHandling {
    const { limits } = this.#config;
    const nowMs = () => performance.now();
    return new ClientHandling({
      limits,
      telemetry: new TelemetryLimit(limits, {
        nowMs,
        exceeded: (site, gateway) => {
          this.#audit.dropped('telemetry_rate', undefined);
          this.#operations.floods.exceeded(site, gateway);
        },
      }),
      sessions: this.#sessions,
      cluster: this.#cluster,
      authenticator: () => this.#trusted.authenticator,
      authorisation,
      audit: this.#audit,
      metrics: this.#operations.metrics,
      attempts: new AttemptLimit(attemptPolicy, nowMs),
      owners: this.#owners,
      reserved: () => this.#trusted.reserved,
      connected: (clientId) => this.#engine.clients[clientId],
      stopping: () => this.#closing,
    });
  }

  #newEngine(): Engine {
    const { limits } = this.#config;
    const options = {
      connectTimeout: limits.connectTimeoutMs,
      maxTopicLevels: 100, // ours is checked with the topic rules
      maxInflightInbound: limits.inflightInbound,
      drainTimeout: 0, // never waits: see GuardedConnection
      persistence: this.#sessions,
      ...(this.#cluster ? { id: this.#cluster.node, mq: this.#cluster.emitter } : {}),
      ...this.#handling.callbacks(),
    };
    return new Engine(options, {
      admitted: (client) => {
        this.#handling.admitted(client);
        this.#audit.connected(this.#handling.subject(client));
      },
      unsubscribed: (client, filters) => this.#handling.unsubscribed(client, filters),
      disconnected: (client) => {
        if (!this.#engine.clients[client.id]) this.#owners.release(client.id, client);
        this.#cluster?.ended(client);
        this.#audit.disconnected(this.#handling.subject(client));
      },
      ended: (client, error) => {
        const reason = refusalOf(error);
        if (!reason) return;
        this.#audit.refused(reason, this.#handling.subject(client), detailsOf(error));
      },
      failed: (error) => this.#log.error({ err: error }, 'broker engine failed'),
    });
  }

  #counts(): BrokerCounts {
    return {
      connections: () => this.#listeners.open,
      clients: () => this.#engine.connectedClients,
      sessions: () => this.#sessions.sessions,
      queued: () => this.#sessions.queued,
      retainedMessages: () => this.#sessions.retained.messages,
      retainedBytes: () => this.#sessions.retained.bytes,
      revocations: () => this.#trusted.revocations,
      flooding: () => this.#operations.floods.size,
      insecureListeners: () => this.insecureListeners,
      ...(this.#config.cluster ? { clusterUp: () => (this.#cluster?.isReady ? 1 : 0) } : {}),
    };
  }
}

/**
 * Starts the broker with the topic rules of the contracts.
 * @throws WatchpostError `config.invalid` or `config.port_taken`.
 */
export async function startBroker(options: BrokerOptions): Promise<BrokerService> {
  const broker = await Broker.create(options, topicTableRules);
  await broker.start();
  return broker;
}
