import { setTimeout as delay } from 'node:timers/promises';
import { type Principal, topicLevels } from '@watchpost/contracts/wire';
import { type Credential, nameOf } from '@watchpost/identity';
import { limitKey } from '@watchpost/service';
import type { AedesOptions, AuthenticateError, Client } from 'aedes';
import type { Attempt, AttemptLimit } from './access/attempt-limit.ts';
import { type Authenticator, tokenUsername } from './access/authenticator.ts';
import type { Authorisation } from './access/authorisation.ts';
import { GrantedFilters } from './access/granted-filters.ts';
import { ownerOf, type ReservedClientIds } from './access/reserved-client-ids.ts';
import type { Cluster } from './cluster/cluster.ts';
import { handedOver } from './cluster/message-origin.ts';
import type { GuardedConnection } from './connections/guarded-connection.ts';
import type { TelemetryGate, TelemetryLimit } from './connections/telemetry-limit.ts';
import type { OutgoingPacket } from './domain/outgoing-queue.ts';
import { isTelemetryTopic } from './domain/telemetry-topic.ts';
import { type Audit, type Subject, shortened } from './operations/audit.ts';
import type { BrokerMetrics, RefusalReason } from './operations/broker-metrics.ts';
import type { BrokerLimits } from './policy.ts';
import { sessionMarker } from './sessions/memory-sessions.ts';
import type { SessionOwners } from './sessions/session-owners.ts';
import type { Sessions } from './sessions/sessions.ts';

/** CONNACK return codes (§3.2.2.3). */
const connack = { identifierRejected: 2, unavailable: 3, badCredentials: 4, notAuthorized: 5 } as const;

/** What the callbacks of Aedes need; all of it belongs to the broker. */
export interface Handling {
  readonly limits: BrokerLimits;
  /** The present one: it is replaced when the configuration is read again. */
  authenticator(): Authenticator;
  readonly authorisation: Authorisation;
  readonly audit: Audit;
  readonly metrics: BrokerMetrics;
  readonly owners: SessionOwners;
  /** Replaced with the configuration. */
  reserved(): ReservedClientIds;
  readonly sessions: Sessions;
  readonly telemetry: TelemetryLimit;
  readonly attempts: AttemptLimit;
  /** The others, when this broker is one of several: then they decide whose a client id is. */
  readonly cluster: Cluster | undefined;
  /** From then on nothing is published: a broker that stops does not declare everybody dead. */
  stopping(): boolean;
  /** The connected client with this id, if any. */
  connected(clientId: string): Client | undefined;
}

type Callbacks = Required<
  Pick<
    AedesOptions,
    'preConnect' | 'authenticate' | 'authorizePublish' | 'authorizeSubscribe' | 'authorizeForward'
  >
>;

type Publish = Parameters<Callbacks['authorizePublish']>[1];
type Forward = Parameters<Callbacks['authorizeForward']>[1];
type Connect = Parameters<Callbacks['preConnect']>[1];

/** What is known of one connection. */
interface Connection {
  readonly connect: Pick<Connect, 'clientId' | 'clean' | 'will'>;
  readonly granted: GrantedFilters;
  principal?: Principal;
  credential?: Credential;
  admitted?: boolean;
  /** The last topic that it was allowed to publish to: most publish to one, and the rules do not change. */
  allowed?: { readonly topic: string; readonly retain: boolean };
}

/** Who each client is, and the decisions about it, as Aedes asks for them. */
export class ClientHandling {
  readonly #with: Handling;
  readonly #connections = new WeakMap<Client, Connection>();
  /** By QoS; looked up once, because looking up a label costs more than counting. */
  readonly #messagesIn: readonly { inc(): void }[];

  constructor(handling: Handling) {
    this.#with = handling;
    this.#messagesIn = [0, 1, 2].map((qos) => handling.metrics.messagesIn.labels({ qos }));
  }

  subject(client: Client): Subject {
    const { principal, credential } = this.#connections.get(client) ?? {};
    return {
      remote: (client.conn as GuardedConnection).origin.remoteAddress,
      ...(client.id ? { client: client.id } : {}),
      principal,
      ...(credential ? { by: nameOf(credential) } : {}),
    };
  }

  /** CONNACK went out: from now on the client may hear something. */
  admitted(client: Client): void {
    const connection = this.#connections.get(client);
    if (!connection?.principal) return;
    connection.admitted = true;
    const { principal } = connection;
    (client.conn as GuardedConnection).admit(ownerOf(principal), this.#telemetryGate(principal));
  }

  /**
   * Why an open connection must end, if it must: its token or certificate expired, was revoked, or is not
   * known any more.
   */
  lostStanding(client: Client): 'expired' | 'revoked' | 'unauthorized' | undefined {
    const { principal, credential } = this.#connections.get(client) ?? {};
    if (!principal || !credential) return undefined;
    const standing = this.#with.authenticator().standing({ principal, credential });
    if (standing === 'good') return undefined;
    return standing === 'unknown' ? 'unauthorized' : standing;
  }

  unsubscribed(client: Client, filters: readonly string[]): void {
    for (const filter of filters) this.#connections.get(client)?.granted.withdraw(filter);
  }

  isGranted(client: object, filter: string): boolean {
    return this.#connections.get(client as Client)?.granted.has(filter) === true;
  }

  callbacks(): Callbacks {
    return {
      preConnect: (client, packet, done) => {
        const { clientId, clean, will } = packet;
        const connect = { clientId, ...(clean === undefined ? {} : { clean }), ...(will ? { will } : {}) };
        this.#connections.set(client, { connect, granted: new GrantedFilters() });
        this.#watchSilence(packet);
        done(null, true);
      },
      authenticate: (client, username, password, done) => {
        const { cluster } = this.#with;
        this.#refuseConnect(client, username, password).then(
          (refused) => {
            if (refused !== undefined) done(refused, null);
            else if (cluster) this.#claim(cluster, client, done);
            else done(null, true);
          },
          (error: unknown) => done(refusal(asError(error), connack.unavailable), null),
        );
      },
      authorizePublish: (client, packet, done) => {
        const refused = client ? this.#refusePublish(client, packet) : null;
        const { cluster } = this.#with;
        if (client && cluster && !refused) this.#handOver(cluster, client, packet, done);
        else done(refused);
      },
      authorizeSubscribe: (client, subscription, done) => {
        const { topic, qos } = subscription;
        // Aedes looks at one subscription only when it delivers: it gets all as QoS 2, and `forward` lowers
        // it.
        if (this.#grant(client, topic, qos)) done(null, { ...subscription, qos: 2 });
        else done(null, null); // answered with 0x80 [MQTT-3.9.3-2]
      },
      authorizeForward: (client, packet) => (this.#mayForward(client, packet) ? packet : null),
    };
  }

  /** MQTT 3.1.1 lets a server close whoever is silent, whatever keep-alive was asked for (§3.1.2.10). */
  #watchSilence(packet: Connect): void {
    const { keepaliveSeconds } = this.#with.limits;
    if (packet.keepalive && packet.keepalive <= keepaliveSeconds) return;
    packet.keepalive = keepaliveSeconds;
    this.#with.metrics.keepaliveLowered.inc();
  }

  async #refuseConnect(
    client: Client,
    username: string | undefined,
    password: Uint8Array | undefined,
  ): Promise<AuthenticateError | undefined> {
    const { audit, owners } = this.#with;
    const connection = this.#connections.get(client);
    const refuse = (reason: RefusalReason, code: number, details = {}) =>
      refusal(audit.refused(reason, this.subject(client), details), code);
    // [MQTT-3.1.3-8]; what Aedes made up instead is never registered
    if (!connection || (connection.connect.clientId === '' && connection.connect.clean === false))
      return refuse('client_id', connack.identifierRejected);
    const { origin } = client.conn as GuardedConnection;
    const attempt = this.#beginAttempt(client, username);
    if (attempt === 'too many') return refuse('attempts', connack.unavailable);
    if (attempt && attempt.waitMs > 0) {
      this.#with.metrics.attemptsDelayed.inc();
      await delay(attempt.waitMs);
      if (client.closed) return new Error('connection closed') as AuthenticateError;
    }
    const authenticator = this.#with.authenticator();
    const authenticated = await authenticator.authenticate(username, password, origin.certificate);
    if ('fault' in authenticated) {
      attempt?.failed();
      const code = username === undefined ? connack.notAuthorized : connack.badCredentials;
      return refuse('unauthorized', code, { fault: authenticated.fault });
    }
    attempt?.succeeded();
    // it left meanwhile: Aedes forgets it, and it must not own a client id; nothing below waits again
    if (client.closed) return new Error('connection closed') as AuthenticateError;
    const { principal, credential } = authenticated;
    Object.assign(connection, { principal, credential });
    const { will } = connection.connect;
    if (will && !this.#mayPublish(principal, will.topic, will.retain === true))
      return refuse('will', connack.notAuthorized, { topic: shortened(will.topic) });
    const reserved = this.#with.reserved();
    if (!reserved.mayUse(client.id, principal)) return refuse('client_id_taken', connack.identifierRejected);
    // Aedes has registered nothing yet: from here on this is the client’s id everywhere in the broker.
    client.id = reserved.sessionId(client.id, principal);
    const keeps = client.clean === false;
    if (keeps && !this.#with.sessions.mayKeep(client.id)) return refuse('sessions', connack.unavailable);
    const previous = this.#with.connected(client.id);
    if (!this.#with.cluster && !owners.claim(client.id, authenticated, keeps, client))
      return refuse('client_id_taken', connack.identifierRejected);
    if (previous) audit.takenOver(this.subject(client), this.subject(previous).remote);
    return undefined;
  }

  /** Only secrets can be guessed: tokens are signed. */
  #beginAttempt(client: Client, username: string | undefined): Attempt | undefined | 'too many' {
    if (username === undefined || username === tokenUsername) return undefined;
    const { remoteAddress } = (client.conn as GuardedConnection).origin;
    return this.#with.attempts.begin(username, limitKey(remoteAddress), client.id) ?? 'too many';
  }

  /** Takes the client id from whichever node has it. */
  #claim(cluster: Cluster, client: Client, done: Parameters<Callbacks['authenticate']>[3]): void {
    const { audit } = this.#with;
    const refuse = (reason: RefusalReason, code: number) =>
      done(refusal(audit.refused(reason, this.subject(client)), code), null);
    const { principal, credential } = this.#connections.get(client) ?? {};
    if (!principal || !credential) {
      refuse('unauthorized', connack.notAuthorized);
      return;
    }
    cluster.claim(client, { principal, credential }).then(
      (claimed) => {
        if ('previousNode' in claimed) {
          if (claimed.previousNode) audit.takenOver(this.subject(client), claimed.previousNode);
          done(null, true);
        } else if (claimed.refused === 'sessions') refuse('sessions', connack.unavailable);
        else refuse('client_id_taken', connack.identifierRejected);
      },
      () => refuse('cluster', connack.unavailable),
    );
  }

  /** With QoS 1 Aedes acknowledges what is allowed before it publishes: so it is handed over here. */
  #handOver(
    cluster: Cluster,
    client: Client,
    packet: Publish,
    done: Parameters<Callbacks['authorizePublish']>[2],
  ): void {
    if ((client as Client & { will?: unknown }).will === packet) {
      cluster.willDue(client);
      done(new Error('connection closed')); // published when Redis knows that the connection has ended
      return;
    }
    if (packet.qos !== 1) {
      done(null);
      return;
    }
    const { topic, payload, qos, retain } = packet;
    cluster
      .handOver({ clientId: client.id, topic, payload: Buffer.from(payload), qos, retain: retain === true })
      .then(
        () => {
          Object.assign(packet, { brokerId: handedOver });
          done(null);
        },
        () => done(this.#with.audit.refused('cluster', this.subject(client))),
      );
  }

  /** What may not be published at all is left to {@link #refusePublish}. */
  #telemetryGate(principal: Principal): TelemetryGate {
    const gate = this.#with.telemetry.gateOf(ownerOf(principal));
    return (topic, bytes) => !this.#mayPublish(principal, topic, false) || gate(topic, bytes);
  }

  #mayPublish(principal: Principal, topic: string, retain: boolean): boolean {
    return (
      topicLevels(topic) <= this.#with.limits.topicLevels &&
      this.#with.authorisation.mayPublish(principal, topic, retain)
    );
  }

  /**
   * MQTT 3.1.1 has no negative acknowledgement: a publish that is not allowed is either acknowledged and
   * lost, or the connection is closed ([MQTT-3.3.5-2]). We close, so that nobody takes a lost message for a
   * delivered one.
   */
  #refusePublish(client: Client, packet: Publish): Error | null {
    const { audit, limits, metrics } = this.#with;
    const { topic, payload } = packet;
    if (this.#with.stopping()) return new Error('broker stops');
    packet.dup = false; // of this hop only [MQTT-3.3.1-3]
    if (!this.#mayPublishAgain(this.#connections.get(client), topic, packet.retain === true)) {
      const reason = topicLevels(topic) > limits.topicLevels ? 'topic_levels' : 'publish';
      return audit.refused(reason, this.subject(client), { topic: shortened(topic) });
    }
    this.#messagesIn[packet.qos ?? 0]?.inc();
    metrics.bytesIn.inc(payload.length);
    return null;
  }

  #mayPublishAgain(connection: Connection | undefined, topic: string, retain: boolean): boolean {
    if (!connection?.principal) return false;
    const { allowed, principal } = connection;
    if (allowed && allowed.topic === topic && allowed.retain === retain) return true;
    if (!this.#mayPublish(principal, topic, retain)) return false;
    connection.allowed = { topic, retain };
    return true;
  }

  #grant(client: Client, filter: string, qos: number): boolean {
    if (filter === sessionMarker) return false;
    const connection = this.#connections.get(client);
    const reason = this.#refuseSubscribe(connection, filter);
    if (!reason) {
      connection?.granted.grant(filter, qos);
      return true;
    }
    this.#with.audit.refused(reason, this.subject(client), { filter: shortened(filter) });
    return false;
  }

  #refuseSubscribe(connection: Connection | undefined, filter: string): RefusalReason | undefined {
    const { authorisation, limits } = this.#with;
    if (topicLevels(filter) > limits.topicLevels) return 'topic_levels';
    if (!connection?.principal || !authorisation.maySubscribe(connection.principal, filter))
      return 'subscribe';
    const full = connection.granted.size >= limits.subscriptionsPerClient;
    return full && !connection.granted.has(filter) ? 'subscriptions' : undefined;
  }

  /** Decides about one delivery, and sets the QoS that the client was granted for it. */
  #mayForward(client: Client, packet: Forward): boolean {
    const connection = this.#connections.get(client);
    if (!connection?.principal || !connection.admitted) return false; // nothing before CONNACK [MQTT-3.2.0-1]
    if (!this.#with.authorisation.mayReceive(connection.principal, packet.topic)) return false;
    const { sessions, metrics } = this.#with;
    const granted = connection.granted.qosFor(packet.topic);
    if (granted !== undefined && granted < packet.qos) packet.qos = granted as 0 | 1 | 2;
    const queued = client.clean === false && packet.qos > 0;
    const live = packet.messageId === undefined;
    if (queued && live && sessions.holdsBack(client.id, packet)) return false;
    if (!queued && this.#isBehindWithTelemetry(client, packet.topic)) return false;
    // Aedes takes the broker id from a retained message that it sends to a new subscription
    if (packet.brokerId === null) (client.conn as GuardedConnection).answered();
    if (queued && live && packet.brokerId === null && packet.qos > 0)
      sessions.trackRetained(client.id, packet as unknown as OutgoingPacket);
    metrics.messagesOut.inc();
    return true;
  }

  /**
   * A client that is slow loses telemetry first: it does not stand before its events, and is no reason to
   * close it.
   */
  #isBehindWithTelemetry(client: Client, topic: string): boolean {
    const { waitingBytes } = client.conn as GuardedConnection;
    if (waitingBytes <= this.#with.limits.outboundTelemetryBytes || !isTelemetryTopic(topic)) return false;
    this.#with.audit.dropped('telemetry_outbound', client.id);
    return true;
  }
}

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error('failed', { cause: error });

const refusal = (error: Error, returnCode: number): AuthenticateError => Object.assign(error, { returnCode });
