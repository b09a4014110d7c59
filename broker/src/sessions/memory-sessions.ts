import { Readable } from 'node:stream';
import type { AedesPublishPacket, Client } from 'aedes';
import { ByteBudget } from '../domain/byte-budget.ts';
import { type OutgoingPacket, OutgoingQueue } from '../domain/outgoing-queue.ts';
import { ReceivedIds } from '../domain/received-ids.ts';
import { RetainedMessages } from '../domain/retained-messages.ts';
import { SubscriptionTree } from '../domain/subscription-tree.ts';
import { isTelemetryTopic } from '../domain/telemetry-topic.ts';
import type { DroppedLimit } from '../operations/broker-metrics.ts';
import { inTurns, PacedWork } from '../paced-work.ts';
import { Settled } from '../settled.ts';
import { retainedPolicy } from './policy.ts';
import type { Sessions } from './sessions.ts';

export interface SessionLimits {
  readonly sessions: number;
  readonly offlineMessages: number;
  readonly offlineBytes: number;
  readonly offlineTelemetry: number;
  readonly telemetryInFlight: number;
  readonly offlineTotalBytes: number;
  readonly offlineAgeMs: number;
  readonly retainedMessages: number;
  readonly retainedBytes: number;
  readonly sessionExpiryMs: number;
}

export interface SessionEvents {
  nowMs(): number;
  /** A message was not kept; which limit was reached. */
  dropped(limit: DroppedLimit, clientId: string | undefined): void;
  isConnected(clientId: string): boolean;
  /** Whether this filter was granted to the client: Aedes also offers those that were refused. */
  granted(client: ClientRef, filter: string): boolean;
}

/** All that Aedes gives us of a client in most places. */
export interface ClientRef {
  readonly id: string;
}

interface Subscribed {
  readonly topic: string;
  readonly qos: number;
}

interface Session {
  readonly subscriptions: Map<string, Subscribed>;
  readonly queue: OutgoingQueue;
  seenMs: number;
  /** Counts connections; while one of them reads the queue, `reading` is its number. */
  connections: number;
  reading: number;
}

/**
 * Telemetry that a queue did not take is not delivered live either: that is what bounds it. A retained
 * message is no queue’s.
 */
export const isRefusedTelemetry = ({ brokerId, topic }: OutgoingPacket): boolean =>
  brokerId !== null && brokerId !== undefined && isTelemetryTopic(topic);

const nobody = new Settled<(Subscribed & { clientId: string })[]>([]);

/**
 * Stands for a session without subscriptions when Aedes asks for them, because it answers “session present”
 * only when there are some ([MQTT-3.2.2-2]). Never granted.
 */
export const sessionMarker = '$session';

/**
 * Sessions, queues, retained messages and wills in memory, with limits: what Aedes calls a persistence.
 * Differs from the one it brings in that packet ids stay unique, repetitions carry DUP, and a queue is
 * bounded.
 */
export class MemorySessions implements Sessions {
  readonly #limits: SessionLimits;
  readonly #events: SessionEvents;
  readonly #sessions = new Map<string, Session>();
  readonly #tree = new SubscriptionTree<number>();
  readonly #incoming = new ReceivedIds();
  readonly #wills = new Map<string, AedesPublishPacket>();
  readonly #retained: RetainedMessages<AedesPublishPacket>;
  readonly #pacedRetained = new PacedWork(retainedPolicy.perTurn);
  readonly #queued: ByteBudget;
  #brokerId = '';
  #retainedSerial = 0;

  constructor(limits: SessionLimits, events: SessionEvents) {
    this.#limits = limits;
    this.#events = events;
    this.#queued = new ByteBudget(limits.offlineTotalBytes);
    this.#retained = new RetainedMessages(limits.retainedMessages, limits.retainedBytes);
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  get retained(): { readonly messages: number; readonly bytes: number } {
    return this.#retained;
  }

  get queued(): number {
    let total = 0;
    for (const { queue } of this.#sessions.values()) total += queue.size;
    return total;
  }

  has(clientId: string): boolean {
    return this.#sessions.has(clientId);
  }

  mayKeep(clientId: string): boolean {
    return this.#sessions.size < this.#limits.sessions || this.#sessions.has(clientId);
  }

  holdsBack(clientId: string, packet: OutgoingPacket): boolean {
    const session = this.#sessions.get(clientId);
    const place = session?.queue.has(packet);
    if (session && place === undefined) return isRefusedTelemetry(packet);
    return place === 'handed' || (place === 'waiting' && session?.reading === session?.connections);
  }

  trackRetained(clientId: string, packet: OutgoingPacket): void {
    this.#sessions.get(clientId)?.queue.addSent(packet, ++this.#retainedSerial, this.#events.nowMs());
  }

  sweep(isConnected: (clientId: string) => boolean): string[] {
    const now = this.#events.nowMs();
    const expired: string[] = [];
    for (const [clientId, session] of this.#sessions) {
      this.#dropAged(clientId, session, now);
      if (isConnected(clientId)) session.seenMs = now;
      else if (now - session.seenMs > this.#limits.sessionExpiryMs) expired.push(clientId);
    }
    for (const clientId of expired) this.end(clientId);
    return expired;
  }

  /** Ends a session with its subscriptions and its queue. */
  end(clientId: string): void {
    const session = this.#sessions.get(clientId);
    for (const filter of session?.subscriptions.keys() ?? []) this.#tree.delete(filter, clientId);
    session?.queue.clear();
    this.#sessions.delete(clientId);
    this.#incoming.forget(clientId);
  }

  // What follows is the interface that Aedes expects.

  async setup(broker: { readonly id: string }): Promise<void> {
    this.#brokerId = broker.id;
  }

  storeRetained(packet: AedesPublishPacket): PromiseLike<void> {
    const refused = this.#retained.store({ ...packet }, packet.payload.length);
    if (refused) this.#events.dropped(refused, undefined);
    return new Settled(undefined);
  }

  createRetainedStreamCombi(filters: string[]): Readable {
    return Readable.from(inTurns(this.#retained.matching(filters), this.#pacedRetained));
  }

  async addSubscriptions(client: ClientRef, subscriptions: Subscribed[]): Promise<void> {
    const session = this.#session(client.id);
    for (const { topic, qos } of subscriptions) {
      if (!this.#events.granted(client, topic)) continue;
      session.subscriptions.set(topic, { topic, qos });
      if (qos > 0) this.#tree.set(topic, client.id, qos);
      else this.#tree.delete(topic, client.id);
    }
  }

  async removeSubscriptions(client: ClientRef, filters: string[]): Promise<void> {
    const session = this.#sessions.get(client.id);
    for (const filter of filters) {
      session?.subscriptions.delete(filter);
      this.#tree.delete(filter, client.id);
    }
  }

  /** Asked when a client connects that keeps its session; from then on there is one. */
  async subscriptionsByClient(client: ClientRef): Promise<Subscribed[]> {
    const existed = this.#sessions.has(client.id);
    const session = this.#session(client.id);
    session.reading = ++session.connections;
    const { subscriptions } = session;
    if (existed && subscriptions.size === 0) return [{ topic: sessionMarker, qos: 0 }];
    return [...subscriptions.values()];
  }

  /** A clean session begins: the former one ends whole ([MQTT-3.1.2-6]). */
  async cleanSubscriptions(client: ClientRef): Promise<void> {
    this.end(client.id);
  }

  /** Once per client, with the highest QoS of its matching subscriptions ([MQTT-3.3.5-1]). */
  subscriptionsByTopic(topic: string): PromiseLike<(Subscribed & { clientId: string })[]> {
    const matching = this.#tree.match(topic);
    if (matching.length === 0) return nobody;
    const highest = new Map<string, number>();
    for (const [clientId, qos] of matching) {
      if (qos > (highest.get(clientId) ?? 0)) highest.set(clientId, qos);
    }
    return new Settled([...highest].map(([clientId, qos]) => ({ clientId, topic, qos })));
  }

  async countOffline(): Promise<{ subsCount: number; clientsCount: number }> {
    let subsCount = 0;
    for (const { subscriptions } of this.#sessions.values()) subsCount += subscriptions.size;
    return { subsCount, clientsCount: this.#sessions.size };
  }

  outgoingEnqueue(sub: { readonly clientId: string }, packet: OutgoingPacket): PromiseLike<void> {
    return this.outgoingEnqueueCombi([{ ...sub, qos: packet.qos }], packet);
  }

  outgoingEnqueueCombi(
    subs: { readonly clientId: string; readonly qos: number }[],
    packet: OutgoingPacket,
  ): PromiseLike<void> {
    for (const { clientId, qos } of subs) {
      const session = this.#sessions.get(clientId);
      if (!session) continue;
      const copy = { ...packet, qos: Math.min(qos, packet.qos) };
      const refused = session.queue.add(copy, this.#events.nowMs(), this.#mostTelemetry(clientId));
      if (refused) this.#events.dropped(refused, clientId);
    }
    return new Settled(undefined);
  }

  async outgoingUpdate(client: ClientRef, packet: OutgoingPacket): Promise<void> {
    this.#sessions.get(client.id)?.queue.sent(packet);
  }

  async outgoingClearMessageId(
    client: ClientRef,
    packet: OutgoingPacket,
  ): Promise<OutgoingPacket | undefined> {
    return this.#sessions.get(client.id)?.queue.acknowledged(packet.messageId);
  }

  /** What waits for the client, including what comes in while this is read. */
  outgoingStream(client: Client): Readable {
    const session = this.#sessions.get(client.id);
    if (!session) return Readable.from([]);
    this.#dropAged(client.id, session, this.#events.nowMs());
    const connection = session.connections;
    const ended = () => {
      if (session.reading === connection) session.reading = -1; // live delivery goes on
    };
    return Readable.from(session.queue.unfinished(ended), { highWaterMark: 1 });
  }

  async incomingStorePacket(client: ClientRef, packet: AedesPublishPacket): Promise<void> {
    this.#incoming.add(client.id, packet.messageId);
  }

  async incomingGetPacket(client: ClientRef, packet: AedesPublishPacket): Promise<AedesPublishPacket> {
    if (!this.#incoming.has(client.id, packet.messageId)) throw new Error('no such packet');
    return packet;
  }

  async incomingDelPacket(client: ClientRef, packet: AedesPublishPacket): Promise<void> {
    if (!this.#incoming.delete(client.id, packet.messageId)) throw new Error('no such packet');
  }

  async cleanIncoming(client: ClientRef): Promise<void> {
    this.#incoming.forget(client.id);
  }

  async putWill(client: ClientRef, will: AedesPublishPacket): Promise<void> {
    this.#wills.set(client.id, Object.assign(will, { brokerId: this.#brokerId, clientId: client.id }));
  }

  async getWill(client: ClientRef): Promise<AedesPublishPacket | undefined> {
    return this.#wills.get(client.id);
  }

  async delWill(client: ClientRef): Promise<AedesPublishPacket | undefined> {
    const will = this.#wills.get(client.id);
    this.#wills.delete(client.id);
    return will;
  }

  /** Wills of other brokers; there are none. */
  streamWill(): Readable {
    return Readable.from([]);
  }

  async destroy(): Promise<void> {
    this.#sessions.clear();
  }

  /**
   * While a client is connected, what it has not acknowledged stands before the next alarm: so that is
   * little.
   */
  #mostTelemetry(clientId: string): number {
    const { telemetryInFlight, offlineTelemetry } = this.#limits;
    return this.#events.isConnected(clientId) ? telemetryInFlight : offlineTelemetry;
  }

  #session(clientId: string): Session {
    let session = this.#sessions.get(clientId);
    if (!session) {
      const { offlineMessages, offlineBytes } = this.#limits;
      session = {
        subscriptions: new Map(),
        queue: new OutgoingQueue(offlineMessages, offlineBytes, this.#queued),
        seenMs: this.#events.nowMs(),
        connections: 0,
        reading: 0,
      };
      this.#sessions.set(clientId, session);
    }
    return session;
  }

  #dropAged(clientId: string, session: Session, nowMs: number): void {
    const dropped = session.queue.dropOlderThan(nowMs - this.#limits.offlineAgeMs);
    for (let count = 0; count < dropped; count++) this.#events.dropped('offline_age', clientId);
  }
}
