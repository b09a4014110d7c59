import type { Duplex } from 'node:stream';
import { WatchpostError } from '@watchpost/contracts';
import { Aedes, type Client } from 'aedes';
import { type Logger, pino } from 'pino';
import { type Counter, Registry } from 'prom-client';
import { type Authenticator, authenticatorOf } from './authenticator.ts';
import { type Authorisation, topicTableRules } from './authorisation.ts';
import { ClientHandling } from './client-handling.ts';
import { Cluster } from './cluster/cluster.ts';
import { type BrokerConfig, type BrokerOptions, insecureListeners, parseBrokerConfig } from './config.ts';
import { Arrivals } from './connections/arrivals.ts';
import { refusalOf } from './connections/connection-end.ts';
import { ConnectionGate } from './connections/connection-gate.ts';
import { GuardedConnection, type Origin } from './connections/guarded-connection.ts';
import { Listener } from './connections/listener.ts';
import { PacedWork } from './connections/paced-work.ts';
import { TelemetryLimit } from './connections/telemetry-limit.ts';
import { AttemptLimit } from './domain/attempt-limit.ts';
import type { Authenticated } from './domain/credential.ts';
import { attemptPolicy } from './domain/policy.ts';
import { ReservedClientIds } from './domain/reserved-client-ids.ts';
import { CredentialWatch } from './identity/credential-watch.ts';
import { RevocationFile } from './identity/revocation-file.ts';
import { Audit } from './operations/audit.ts';
import { type BrokerCounts, type BrokerMetrics, brokerMetrics } from './operations/broker-metrics.ts';
import { FloodNotices } from './operations/flood-notices.ts';
import { MetricsEndpoint } from './operations/metrics-endpoint.ts';
import { SysTopics } from './operations/sys-topics.ts';
import { brokerPolicy } from './policy.ts';
import type { KeptSessions } from './sessions/kept-sessions.ts';
import { MemorySessions, type SessionEvents } from './sessions/memory-sessions.ts';
import { OwnersFile } from './sessions/owners-file.ts';
import { SessionOwners } from './sessions/session-owners.ts';
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
   * Takes identities, certificates and the site of gateways from a new configuration, and closes who is no longer
   * known, at once. Everything else of the configuration needs a restart.
   * @throws WatchpostError `config.invalid`; nothing has changed then.
   */
  reload(config: Omit<BrokerOptions, 'logger' | 'registry'>): Promise<void>;
  /** Closes the ports and all connections, within two seconds. Calling it again waits for the same stop. */
  stop(): Promise<void>;
}

/** The broker: owns the ports, the connections, the sessions and Aedes. */
export class Broker implements BrokerService {
  readonly #config: BrokerConfig;
  readonly #log: Logger;
  readonly #registry: Registry;
  readonly #metrics: BrokerMetrics;
  readonly #aedes: Aedes;
  readonly #gate: ConnectionGate;
  readonly #listeners: readonly Listener[];
  readonly #handling: ClientHandling;
  readonly #sessions: Sessions;
  readonly #cluster: Cluster | undefined;
  readonly #owners = new SessionOwners(undefined, () => this.#ownersFile?.changed());
  readonly #ownersFile: OwnersFile | undefined;
  #reserved: ReservedClientIds;
  readonly #departures = new PacedWork();
  readonly #floods: FloodNotices;
  readonly #arrivals: Arrivals;
  readonly #audit: Audit;
  readonly #sys: SysTopics;
  readonly #endpoint: MetricsEndpoint | undefined;
  readonly #revocations: RevocationFile | undefined;
  readonly #endedSessions: RevocationFile | undefined;
  readonly #credentials: CredentialWatch;
  #authenticator: Authenticator;
  #sweeper: NodeJS.Timeout | undefined;
  #closing = false;
  #stopping: Promise<void> | undefined;

  constructor(options: BrokerOptions, authorisation: Authorisation) {
    const { logger, registry, ...config } = options;
    this.#config = parseBrokerConfig(config);
    const { limits, host, port, listeners, metricsPort } = this.#config;
    this.#log = logger ?? pino({ level: 'silent' });
    this.#registry = registry ?? new Registry();
    this.#gate = new ConnectionGate(limits.connections, limits.connectionsPerAddress);
    this.#metrics = brokerMetrics(this.#registry, this.#countsOf(this.#config));
    this.#audit = new Audit(this.#log, this.#metrics, () => performance.now());
    this.#arrivals = new Arrivals(limits.connectsPerSecond, { delayed: () => this.#audit.delayed() });
    const { revocationFile, endedSessionsFile } = this.#config;
    this.#revocations = this.#follow(revocationFile);
    this.#endedSessions = this.#follow(endedSessionsFile, brokerPolicy.endedSessionsPollMs);
    this.#authenticator = this.#authenticatorOf(this.#config);
    this.#reserved = new ReservedClientIds(this.#config);
    this.#ownersFile = this.#ownersFileOf(this.#config);
    this.#cluster = this.#clusterOf();
    this.#sessions = this.#cluster?.sessions ?? new MemorySessions(limits, this.#sessionEvents);
    this.#floods = this.#floodNotices();
    this.#handling = new ClientHandling({
      limits,
      telemetry: new TelemetryLimit(limits, {
        nowMs: () => performance.now(),
        exceeded: (site, gateway) => {
          this.#audit.dropped('telemetry_rate', undefined);
          this.#floods.exceeded(site, gateway);
        },
      }),
      sessions: this.#sessions,
      cluster: this.#cluster,
      authenticator: () => this.#authenticator,
      authorisation,
      audit: this.#audit,
      metrics: this.#metrics,
      attempts: new AttemptLimit(attemptPolicy, () => performance.now()),
      owners: this.#owners,
      reserved: () => this.#reserved,
      connected: (clientId) => this.#clients()[clientId],
      stopping: () => this.#closing,
    });
    this.#credentials = new CredentialWatch({
      handling: this.#handling,
      audit: this.#audit,
      kept: this.#cluster?.kept ?? this.#keptInMemory,
      sessionGraceMs: limits.sessionGraceMs,
      standing: (client) => this.#authenticator.standing(client),
      failed: (error) => this.#log.error({ err: error }, 'kept sessions not looked at'),
      clients: () => this.#clients(),
    });
    this.#aedes = new Aedes({
      connectTimeout: limits.connectTimeoutMs,
      maxTopicLevels: 100, // ours is checked with the topic rules
      maxInflightInbound: limits.inflightInbound,
      drainTimeout: 0, // never waits: see GuardedConnection
      persistence: this.#sessions,
      ...(this.#cluster ? { id: this.#cluster.node, mq: this.#cluster.emitter } : {}),
      ...this.#handling.callbacks(),
    });
    const plain = {
      type: 'tcp',
      host,
      port,
      proxyProtocol: false,
      insecure: false,
      path: '/',
      allowedOrigins: [],
    } as const;
    const events = {
      accept: (transport: Duplex, origin: Origin) => this.#accept(transport, origin),
      paced: (work: () => void) => this.#departures.add(work),
      arrived: (address: string, letIn: () => boolean) => this.#arrivals.add(address, letIn),
      refused: (reason: Parameters<Audit['refused']>[0], remote: string) =>
        void this.#audit.refused(reason, { remote }),
    };
    this.#listeners = [plain, ...listeners].map(
      (listener) =>
        new Listener(
          { ...listener, allowedOrigins: [...listener.allowedOrigins] },
          limits,
          this.#gate,
          events,
        ),
    );
    this.#sys = this.#sysTopics();
    this.#endpoint = metricsPort === undefined ? undefined : new MetricsEndpoint(this.#registry, metricsPort);
    this.#listenToAedes();
  }

  get port(): number {
    return this.#listeners[0]?.port ?? 0;
  }

  get ports(): readonly number[] {
    return this.#listeners.slice(1).map((listener) => listener.port);
  }

  get metricsPort(): number | undefined {
    return this.#endpoint?.port;
  }

  get insecureListeners(): number {
    return insecureListeners(this.#config).length;
  }

  async start(): Promise<void> {
    await this.#aedes.listen();
    try {
      await this.#revocations?.start();
      for (const { clientId, client } of (await this.#ownersFile?.read()) ?? [])
        this.#owners.restore(clientId, client);
      await this.#endedSessions?.start();
      await this.#cluster?.start();
      for (const listener of this.#listeners) await listener.start();
      await this.#endpoint?.start();
    } catch (error) {
      await this.stop();
      throw error;
    }
    this.#sys.start();
    this.#floods.start();
    this.#credentials.start();
    const { sessionExpiryMs, offlineAgeMs } = this.#config.limits;
    const sweepMs = Math.min(brokerPolicy.longestSweepMs, sessionExpiryMs / 2, offlineAgeMs / 2);
    this.#sweeper = setInterval(() => void this.#sweep(), sweepMs);
    for (const setting of insecureListeners(this.#config))
      this.#log.warn({ setting }, 'secrets and tokens come in without encryption, as configured');
    this.#log.info({ host: this.#config.host, port: this.port, ports: this.ports }, 'broker listens');
  }

  metrics(): Promise<string> {
    return this.#registry.metrics();
  }

  async reload(config: Omit<BrokerOptions, 'logger' | 'registry'>): Promise<void> {
    const next = parseBrokerConfig(config);
    for (const listener of this.#listeners) await listener.reload();
    this.#authenticator = this.#authenticatorOf(next);
    this.#reserved = new ReservedClientIds(next);
    const closed = this.#credentials.closeWhoLostStanding();
    this.#log.info({ identities: next.identities.length, closed }, 'configuration read again');
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopOnce();
    return this.#stopping;
  }

  async #stopOnce(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#sweeper);
    this.#sys.stop();
    this.#floods.stop();
    this.#credentials.stop();
    this.#ownersFile?.write();
    this.#revocations?.stop();
    this.#endedSessions?.stop();
    this.#arrivals.stop();
    const portsClosed = Promise.all(this.#listeners.map((listener) => listener.close()));
    await this.#cluster?.settled(brokerPolicy.stopMs);
    const aedesClosed = new Promise<void>((resolve) => this.#aedes.close(resolve));
    // what was written already goes out first; a connection that takes nothing must not hold up the others
    const limit = new Promise<void>((resolve) => setTimeout(resolve, brokerPolicy.stopMs).unref());
    await Promise.race([aedesClosed, limit]);
    for (const listener of this.#listeners) listener.destroyConnections();
    await this.#cluster?.stop();
    await Promise.all([portsClosed, this.#endpoint?.stop()]);
    this.#log.info('broker stopped');
  }

  #follow(path: string | undefined, everyMs?: number): RevocationFile | undefined {
    if (path === undefined) return undefined;
    const events = {
      changed: (entries: number) => {
        this.#audit.revocationsRead(entries);
        this.#credentials.closeWhoLostStanding();
      },
      damaged: (error: WatchpostError) => this.#audit.revocationsDamaged(error),
    };
    return new RevocationFile(path, events, everyMs);
  }

  #authenticatorOf(config: BrokerConfig): Authenticator {
    const files = [this.#revocations, this.#endedSessions].filter((file) => file !== undefined);
    const revoke = (client: Authenticated) => files.some(({ current }) => current.revoke(client));
    return authenticatorOf(config, { revocations: () => ({ revoke }) });
  }

  async #sweep(): Promise<void> {
    const clients = this.#clients();
    if (this.#cluster?.isReady === false) return;
    try {
      const expired = await this.#sessions.sweep((id) => clients[id] !== undefined);
      for (const clientId of new Set([...expired, ...this.#forgottenOwners()])) {
        this.#owners.forget(clientId);
        this.#audit.expired(clientId);
      }
    } catch (error) {
      this.#log.error({ err: error }, 'old sessions not ended');
    }
  }

  /** Of a session that a restart has ended the owner is remembered for as long as the session would have been. */
  #forgottenOwners(): string[] {
    const { sessionExpiryMs } = this.#config.limits;
    const old = ({ goneForMs = 0 }) => goneForMs > sessionExpiryMs;
    return [...this.#owners.kept()].filter(old).map(({ clientId }) => clientId);
  }

  #ownersFileOf({ ownersFile, cluster }: BrokerConfig): OwnersFile | undefined {
    if (ownersFile === undefined || cluster) return undefined;
    return new OwnersFile(ownersFile, {
      current: () => [...this.#owners.kept()].map(({ clientId, client }) => ({ clientId, client })),
      failed: (error) => this.#audit.ownersNotKept(error),
    });
  }

  readonly #keptInMemory: KeptSessions = {
    list: async () =>
      [...this.#owners.kept()].flatMap(({ goneForMs, ...kept }) =>
        goneForMs === undefined ? [] : [{ ...kept, goneForMs }],
      ),
    end: async (clientId) => {
      if (this.#clients()[clientId]) return;
      if (this.#sessions instanceof MemorySessions) this.#sessions.end(clientId);
      this.#owners.forget(clientId);
    },
  };

  readonly #sessionEvents: SessionEvents = {
    nowMs: () => performance.now(),
    dropped: (limit, clientId) => this.#audit.dropped(limit, clientId),
    granted: (client, filter) => this.#handling.isGranted(client, filter),
    isConnected: (clientId) => this.#clients()[clientId] !== undefined,
  };

  #clusterOf(): Cluster | undefined {
    const { cluster, limits } = this.#config;
    if (!cluster) return undefined;
    const events = {
      ...this.#sessionEvents,
      close: (client: Client) => client.close(),
      closeAll: () => {
        for (const client of Object.values(this.#clients())) client?.close();
      },
    };
    return new Cluster(cluster, limits, events, this.#log);
  }

  readonly #counts: BrokerCounts = {
    connections: () => this.#gate.open,
    clients: () => this.#aedes.connectedClients,
    sessions: () => this.#sessions.sessions,
    queued: () => this.#sessions.queued,
    retainedMessages: () => this.#sessions.retained.messages,
    retainedBytes: () => this.#sessions.retained.bytes,
    revocations: () => this.#revocations?.current.size ?? 0,
    flooding: () => this.#floods.size,
    insecureListeners: () => insecureListeners(this.#config).length,
  };

  #countsOf(config: BrokerConfig): BrokerCounts {
    if (!config.cluster) return this.#counts;
    return { ...this.#counts, clusterUp: () => (this.#cluster?.isReady ? 1 : 0) };
  }

  #sysTopics(): SysTopics {
    const total = async (counter: Counter<string>) =>
      (await counter.get()).values.reduce((sum, { value }) => sum + value, 0);
    const { messagesIn, messagesOut } = this.#metrics;
    const source = {
      counts: this.#countsOf(this.#config),
      messages: async () => ({ received: await total(messagesIn), sent: await total(messagesOut) }),
      publish: this.#publishRetained,
    };
    return new SysTopics(source, this.#config.sysIntervalSeconds);
  }

  readonly #publishRetained = (topic: string, text: string): void =>
    this.#aedes.publish(
      { cmd: 'publish', topic, payload: Buffer.from(text), qos: 0, retain: true, dup: false },
      () => undefined,
    );

  #floodNotices(): FloodNotices {
    return new FloodNotices({
      nowMs: () => performance.now(),
      publish: this.#publishRetained,
      began: (notice) => this.#audit.floodBegan(notice),
      ended: (notice) => this.#audit.floodEnded(notice),
    });
  }

  /** Aedes keeps them in a public field that its types leave out. */
  #clients(): Readonly<Record<string, Client | undefined>> {
    return (this.#aedes as Aedes & { readonly clients: Record<string, Client | undefined> }).clients;
  }

  #accept(transport: Duplex, origin: Origin): void {
    const throttled = () => this.#audit.throttled(origin.remoteAddress);
    const events = { throttled, paced: (work: () => void) => this.#departures.add(work) };
    this.#aedes.handle(new GuardedConnection(transport, origin, this.#config.limits, events));
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
      if (!this.#clients()[client.id]) this.#owners.release(client.id, client);
      this.#cluster?.ended(client);
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

/**
 * Starts the broker with the topic rules of the contracts.
 * @throws WatchpostError `config.invalid` or `config.port_taken`.
 */
export async function startBroker(options: BrokerOptions): Promise<BrokerService> {
  const broker = new Broker(options, topicTableRules);
  await broker.start();
  return broker;
}
