import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Authenticated } from '@watchpost/identity';
import type { Client } from 'aedes';
import type { Logger } from 'pino';
import type { KeptSessions } from '../sessions/kept-sessions.ts';
import type { SessionEvents, SessionLimits } from '../sessions/memory-sessions.ts';
import { type BusEntry, isBefore } from './bus-entry.ts';
import { BusReader } from './bus-reader.ts';
import { ClusterEmitter } from './cluster-emitter.ts';
import { ClusterStore, type Handed, type HandedResult } from './cluster-store.ts';
import { HandOver } from './hand-over.ts';
import { clusterPolicy } from './policy.ts';
import { RedisLink, type RedisPlace, unavailable } from './redis-link.ts';
import { type Held, newQueue, RedisSessions, willMessage } from './redis-sessions.ts';
import { Replica } from './replica.ts';

export interface ClusterConfig extends RedisPlace {
  /** A node that is silent for so long counts as dead: its clients’ wills are published. */
  readonly deadAfterMs: number;
}

export interface ClusterEvents extends SessionEvents {
  /** Closes a client of this node; its will is the cluster’s affair. */
  close(client: Client): void;
  /** Closes all clients of this node: they may have missed something, and have to connect again. */
  closeAll(): void;
}

/** A connection that has its client id. */
interface Connection extends Held {
  /** The bus entry of its claim: a later one of another node takes the client id away. */
  claimed: string | undefined;
  /** The latest claim of another node, while the own one is not answered. */
  rival: string | undefined;
  will: 'not due' | 'due';
}

/**
 * One of several brokers on one Redis: who has which client id, what is handed over, and who else is alive.
 */
export class Cluster {
  readonly node = randomUUID();
  readonly sessions: RedisSessions;
  readonly emitter: ClusterEmitter;
  readonly #config: ClusterConfig;
  readonly #events: ClusterEvents;
  readonly #log: Logger;
  readonly #link: RedisLink;
  readonly #store: ClusterStore;
  readonly #replica = new Replica();
  readonly #bus: BusReader;
  readonly #handing: HandOver<Handed, HandedResult>;
  readonly #connections = new Map<string, Connection>();
  /** By connection, also when another one has its client id by now. */
  readonly #byClient = new WeakMap<Client, Connection>();
  /** Connections that are gone, which Redis does not know yet. */
  readonly #gone = new Set<Connection>();
  #epoch = '';
  #ready = false;
  #totals = { sessions: 0, queued: 0 };
  #heart: Promise<void> | undefined;
  readonly #stop = new AbortController();

  constructor(config: ClusterConfig, limits: SessionLimits, events: ClusterEvents, log: Logger) {
    this.#config = config;
    this.#events = events;
    this.#log = log;
    this.#link = new RedisLink(config, { up: () => void this.#up(), down: () => this.#down() });
    this.#store = new ClusterStore(this.#link, this.node, limits);
    this.#bus = new BusReader(this.#link, {
      apply: (entry) => this.#apply(entry),
      missed: () => void this.#begin(),
    });
    this.#handing = new HandOver({
      send: (message) => this.#store.publish(message, this.#replica.version, this.#targets(message)),
      known: (version) => this.#bus.reached(version),
    });
    const handOver = (message: Handed) => this.handOver(message);
    this.emitter = new ClusterEmitter(handOver);
    this.sessions = new RedisSessions({
      store: this.#store,
      replica: this.#replica,
      bus: this.#bus,
      events,
      held: (clientId) => this.#connections.get(clientId),
      handOver,
      totals: () => this.#totals,
    });
  }

  /** Whether Redis answers and this node knows what the others do. */
  get isReady(): boolean {
    return this.#ready;
  }

  /**
   * @throws WatchpostError `config.invalid` for a file that cannot be used. An absent Redis is waited for.
   */
  async start(): Promise<void> {
    await this.#link.start();
    this.#heart = this.#beat();
  }

  /** Resolves when Redis has what was accepted, or at the end of the time. */
  async settled(mostMs: number): Promise<void> {
    const end = performance.now() + mostMs;
    while (this.#ready && this.#handing.pending > 0 && performance.now() < end) await delay(5);
  }

  /** After the last connection has been closed. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#heart;
    await this.#releaseGone();
    if (this.#ready) await this.#store.forget(this.node).catch(() => undefined);
    this.#ready = false;
    this.#bus.stop(unavailable());
    await this.#link.stop();
  }

  /**
   * Takes the client id for this connection, from whichever node has it.
   * @returns why not, or on which node it was before (empty: none).
   */
  async claim(
    client: Client,
    who: Authenticated,
  ): Promise<{ readonly refused: 'client_id' | 'sessions' } | { readonly previousNode: string }> {
    if (!this.#ready) throw unavailable();
    const keeps = client.clean === false;
    const connection: Connection = {
      client,
      clientId: client.id,
      token: randomUUID(),
      queue: newQueue(),
      early: keeps ? [] : undefined,
      reading: keeps,
      keeping: new Map(),
      claimed: undefined,
      rival: undefined,
      will: 'not due',
    };
    const former = this.#connections.get(client.id);
    this.#connections.set(client.id, connection);
    this.#byClient.set(client, connection);
    client.conn.once('close', () => this.#closedEarly(client));
    try {
      const claimed = await this.#store.claim(connection, who, keeps);
      if (typeof claimed === 'string') {
        this.#restore(connection, former);
        return { refused: claimed };
      }
      connection.claimed = claimed.id;
      if (connection.rival && isBefore(claimed.id, connection.rival)) throw unavailable();
      return { previousNode: claimed.previousNode === this.node ? '' : claimed.previousNode };
    } catch (error) {
      this.#restore(connection, former);
      this.#gone.add(connection); // Redis may have it nevertheless
      throw error;
    }
  }

  /** Sessions without a connection, of the whole cluster. */
  readonly kept: KeptSessions = {
    list: async () => (this.#ready ? await this.#store.kept() : []),
    end: (clientId) => this.#store.endKept(clientId),
  };

  /** The connection’s will is to be published. */
  willDue(client: Client): void {
    const connection = this.#byClient.get(client);
    if (connection) connection.will = 'due';
  }

  /** The connection is over. */
  ended(client: Client): void {
    const connection = this.#byClient.get(client);
    if (!connection) return;
    this.#byClient.delete(client);
    if (this.#connections.get(client.id) === connection) this.#connections.delete(client.id);
    this.#gone.add(connection);
    void this.#releaseGone();
  }

  /** Resolves when Redis has the message, fails when it may not have it. */
  async handOver(message: Handed): Promise<void> {
    if (!this.#ready) throw unavailable();
    const { dropped } = await this.#handing.give(message);
    for (const { limit, clientId } of dropped) this.#events.dropped(limit, clientId);
  }

  #targets({ qos, topic }: Handed): readonly (readonly [string, number])[] {
    return qos > 0 ? this.#replica.match(topic) : [];
  }

  #restore(connection: Connection, former: Connection | undefined): void {
    this.#byClient.delete(connection.client);
    if (this.#connections.get(connection.clientId) !== connection) return;
    if (former && this.#byClient.has(former.client)) this.#connections.set(connection.clientId, former);
    else this.#connections.delete(connection.clientId);
  }

  /** Clients that Aedes registered are told by {@link ended}, with their will. */
  #closedEarly(client: Client): void {
    setImmediate(() => {
      if (!client.connected && !client.connecting) this.ended(client);
      else setTimeout(() => this.ended(client), clusterPolicy.closedEarlyMs);
    });
  }

  async #releaseGone(): Promise<void> {
    for (const connection of this.#gone) {
      this.#gone.delete(connection);
      try {
        if (connection.will === 'due') await this.#publishWill(connection.clientId, connection.token);
        await this.#store.release(connection, true);
      } catch {
        this.#gone.add(connection); // again with the next heartbeat
        return;
      }
    }
  }

  async #publishWill(clientId: string, token: string): Promise<void> {
    const will = await this.#store.will(clientId);
    if (will?.token === token) await this.handOver(willMessage(clientId, will));
  }

  #apply(entry: BusEntry): Promise<void> | undefined {
    switch (entry.kind) {
      case 'message': {
        const { topic, qos, payload, retained } = entry;
        if (retained) this.#replica.retain(topic, qos, retained === 'stored' ? payload : Buffer.alloc(0));
        this.sessions.arrived(entry);
        return this.emitter.deliver(this.emitter.packetOf(entry));
      }
      case 'subscriptions':
        this.#replica.change(entry.clientId, entry.set, entry.deleted);
        this.#replica.version = entry.id;
        return undefined;
      case 'session ended':
        this.#replica.end(entry.clientId);
        this.#replica.version = entry.id;
        return undefined;
      case 'claimed':
        if (entry.node !== this.node) this.#claimedElsewhere(entry.clientId, entry.id);
        return undefined;
      case 'mark':
        return undefined;
    }
  }

  #claimedElsewhere(clientId: string, id: string): void {
    const connection = this.#connections.get(clientId);
    if (!connection) return;
    if (connection.claimed === undefined) connection.rival = id;
    else if (isBefore(connection.claimed, id)) this.#events.close(connection.client);
  }

  async #up(): Promise<void> {
    this.#log.info({ node: this.node }, 'cluster reached');
    await this.#begin();
  }

  #down(): void {
    this.#ready = false;
    this.#bus.stop(unavailable());
    this.#log.error({ code: 'broker.cluster_unavailable', node: this.node }, 'cluster out of reach');
  }

  /**
   * Learns what is in Redis and follows the bus from there. Where nothing can have been missed, from where it
   * was; otherwise the clients connect again.
   */
  async #begin(): Promise<void> {
    try {
      const alive = this.#epoch !== '' && (await this.#beatOnce(false)) !== undefined;
      const snapshot = await this.#store.snapshot(randomUUID());
      const from = this.#bus.applied;
      const same = alive && snapshot.epoch === this.#epoch && (await this.#isOnBus(from));
      this.#epoch = snapshot.epoch;
      if (same) this.#bus.follow(from);
      else {
        this.#ready = false;
        this.#events.closeAll();
        this.#replica.load(snapshot.version, snapshot.filters, snapshot.retained);
        await this.#beatOnce(true, snapshot.until);
        this.#bus.follow(snapshot.until);
      }
      this.#ready = this.#link.isUp;
    } catch (error) {
      if (!this.#link.isUp || this.#stop.signal.aborted) return; // begins again when it is back
      this.#log.error({ err: error }, 'cluster state not read');
      await delay(clusterPolicy.beginAgainMs);
      await this.#begin();
    }
  }

  async #isOnBus(id: string): Promise<boolean> {
    if (id === '0-0') return false;
    return ((await this.#link.command('XRANGE', 'bus', id, id)) as unknown[]).length > 0;
  }

  async #beatOnce(first: boolean, applied = this.#bus.applied) {
    return await this.#store.beat(applied, this.#config.deadAfterMs, first);
  }

  async #beat(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await delay(this.#config.deadAfterMs / clusterPolicy.beatsPerDeadline, undefined, { signal }).catch(
        () => undefined,
      );
      if (!this.#ready || signal.aborted) continue;
      try {
        const beat = await this.#beatOnce(false);
        if (!beat || beat.epoch !== this.#epoch) {
          this.#log.warn({ node: this.node }, 'the cluster gave this node up');
          await this.#begin();
          continue;
        }
        this.#totals = { sessions: beat.sessions, queued: beat.queued };
        await this.#releaseGone();
        for (const node of beat.dead) await this.#bury(node);
      } catch {
        // Redis is away: said by `down`
      }
    }
  }

  /**
   * Publishes the wills of a node that died. Others may do the same: each will is published by one of them.
   */
  async #bury(node: string): Promise<void> {
    const wills = await this.#store.willsOf(node);
    for (const [clientId, will] of wills) await this.handOver(willMessage(clientId, will));
    await this.#store.forget(node);
    this.#log.warn({ node, wills: wills.length }, 'a node of the cluster is gone');
  }
}
