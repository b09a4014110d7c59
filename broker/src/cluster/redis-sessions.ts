import { Readable } from 'node:stream';
import type { AedesPublishPacket, Client } from 'aedes';
import { ByteBudget } from '../domain/byte-budget.ts';
import { type OutgoingPacket, OutgoingQueue } from '../domain/outgoing-queue.ts';
import { RetainedMessages } from '../domain/retained-messages.ts';
import { inTurns, PacedWork } from '../paced-work.ts';
import {
  type ClientRef,
  isRefusedTelemetry,
  type SessionEvents,
  sessionMarker,
} from '../sessions/memory-sessions.ts';
import { retainedPolicy } from '../sessions/policy.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { Settled } from '../settled.ts';
import { type BusEntry, isBefore, placeOf } from './bus-entry.ts';
import type { BusReader } from './bus-reader.ts';
import { type ClusterStore, type Handed, type Holder, TakenOver } from './cluster-store.ts';
import { fromBus, handedOver, isOfNode } from './message-origin.ts';
import { clusterPolicy } from './policy.ts';
import type { Replica } from './replica.ts';

type Message = Extract<BusEntry, { kind: 'message' }>;

/** A connection of this node and, when it keeps its session, the queue as far as it is known here. */
export interface Held extends Holder {
  readonly client: Client;
  readonly queue: OutgoingQueue;
  /** Messages that come until the queue has been fetched. */
  early: Message[] | undefined;
  /** Not all of its queue has gone out. */
  reading: boolean;
  /** Why the former connection’s will could not be published. */
  failed?: unknown;
  /** Ids of retained messages on their way to the store, by packet id. */
  readonly keeping: Map<number, Promise<string | undefined>>;
}

export interface RedisSessionsParts {
  readonly store: ClusterStore;
  readonly replica: Replica;
  readonly bus: BusReader;
  readonly events: SessionEvents;
  /** The connection that has this client id here. */
  held(clientId: string): Held | undefined;
  /** Resolves when Redis has the message. */
  handOver(message: Handed): Promise<void>;
  /** Numbers of the whole cluster, as of the last heartbeat. */
  totals(): { readonly sessions: number; readonly queued: number };
}

/** More than a queue can hold: the quotas are Redis’s. */
const unbounded = 70_000;

export const newQueue = (): OutgoingQueue => new OutgoingQueue(unbounded, Infinity, new ByteBudget(Infinity));

/**
 * The same as `MemorySessions` for a broker that is one of several: sessions, queues, retained messages and
 * wills are in Redis, and of a connected client’s queue there is a copy here. What changes it is in Redis
 * before it goes out.
 */
export class RedisSessions implements Sessions {
  readonly #parts: RedisSessionsParts;
  /** `$SYS/broker/…` is each node’s own. */
  readonly #own = new RetainedMessages<AedesPublishPacket>(
    clusterPolicy.ownRetained.messages,
    clusterPolicy.ownRetained.bytes,
  );
  readonly #pacedRetained = new PacedWork(retainedPolicy.perTurn);
  #serial = 0;

  constructor(parts: RedisSessionsParts) {
    this.#parts = parts;
  }

  get sessions(): number {
    return this.#parts.totals().sessions;
  }

  get queued(): number {
    return this.#parts.totals().queued;
  }

  get retained(): { readonly messages: number; readonly bytes: number } {
    return this.#parts.replica.retained;
  }

  /** Decided where the client id is claimed. */
  mayKeep(): boolean {
    return true;
  }

  holdsBack(clientId: string, packet: OutgoingPacket): boolean {
    const held = this.#parts.held(clientId);
    const place = held?.queue.has(packet);
    if (held?.client.clean === false && place === undefined) return isRefusedTelemetry(packet);
    return place === 'handed' || (place === 'waiting' && held?.reading === true);
  }

  trackRetained(clientId: string, packet: OutgoingPacket): void {
    const held = this.#parts.held(clientId);
    const known = held?.queue.addSent(packet, ++this.#serial, this.#parts.events.nowMs());
    if (!held || known?.messageId === undefined || !Buffer.isBuffer(packet.payload)) return;
    const { topic, qos, payload } = packet;
    const kept = this.#parts.store.keepSent(held, { topic, qos, payload }, known.messageId);
    held.keeping.set(
      known.messageId,
      kept.catch(() => undefined),
    );
  }

  async sweep(): Promise<readonly string[]> {
    const { expired, aged } = await this.#parts.store.sweep();
    for (const [clientId, messages] of aged)
      for (let count = 0; count < messages; count++) this.#parts.events.dropped('offline_age', clientId);
    return expired;
  }

  /** A message of the bus: it goes into the copies of the queues that it was put in. */
  arrived(message: Message): void {
    for (const [clientId, qos] of message.queued) {
      const held = this.#parts.held(clientId);
      if (held?.early) held.early.push(message);
      else if (held) this.#add(held, message, qos);
    }
  }

  #add(held: Held, { id, topic, payload }: Pick<Message, 'id' | 'topic' | 'payload'>, qos: number): void {
    held.queue.add(queued(id, topic, payload, qos), this.#parts.events.nowMs());
  }

  // What follows is the interface that Aedes expects.

  async setup(): Promise<void> {}

  /** Stored where the message is handed over. */
  storeRetained(packet: AedesPublishPacket): PromiseLike<void> {
    if (isOfNode(packet.topic)) this.#own.store({ ...packet }, packet.payload.length);
    return new Settled(undefined);
  }

  /** What was acknowledged anywhere before this subscription is known here. */
  createRetainedStreamCombi(filters: string[]): Readable {
    const { store, bus, replica } = this.#parts;
    const own = this.#own;
    const paced = this.#pacedRetained;
    const read = async function* () {
      await store
        .busEnd()
        .then(
          (end) => bus.reached(end),
          () => undefined,
        )
        .catch(() => undefined); // without Redis: what is known here
      yield* inTurns(own.matching(filters), paced);
      yield* inTurns(replica.retained.matching(filters), paced);
    };
    return Readable.from(read());
  }

  async addSubscriptions(client: ClientRef, subscriptions: { topic: string; qos: number }[]): Promise<void> {
    const granted = subscriptions.filter(({ topic }) => this.#parts.events.granted(client, topic));
    await this.#parts.store.subscribe(this.#held(client), granted, []);
  }

  async removeSubscriptions(client: ClientRef, filters: string[]): Promise<void> {
    await this.#parts.store.subscribe(this.#held(client), [], filters);
  }

  /** Asked when a client connects that keeps its session; from then on there is one. */
  async subscriptionsByClient(client: ClientRef): Promise<{ topic: string; qos: number }[]> {
    const held = this.#parts.held(client.id);
    if (!held) throw new TakenOver();
    const { events, store } = this.#parts;
    const opened = await store.open(held);
    for (let count = 0; count < opened.aged; count++) events.dropped('offline_age', client.id);
    for (const { id, topic, payload, qos, sent } of opened.queue) {
      if (!sent) this.#add(held, { id, topic, payload }, qos);
      else {
        const { messageId, released } = sent;
        const packet = {
          ...queued(id, topic, payload, qos),
          messageId,
          ...(released ? { cmd: 'pubrel' } : {}),
        };
        held.queue.restore(packet, events.nowMs());
      }
    }
    for (const message of held.early?.splice(0) ?? []) {
      const qos = message.queued.find(([clientId]) => clientId === client.id)?.[1] ?? 0;
      if (isBefore(opened.until, message.id)) this.#add(held, message, qos);
    }
    held.early = undefined;
    if (opened.existed && opened.filters.length === 0) return [{ topic: sessionMarker, qos: 0 }];
    return [...opened.filters];
  }

  async cleanSubscriptions(client: ClientRef): Promise<void> {
    await this.#parts.store.discard(this.#held(client));
  }

  /** Sessions are found where the message is handed over. */
  subscriptionsByTopic(): PromiseLike<never[]> {
    return new Settled([]);
  }

  outgoingEnqueueCombi(): PromiseLike<void> {
    return new Settled(undefined);
  }

  async outgoingUpdate(client: ClientRef, packet: OutgoingPacket): Promise<void> {
    const held = this.#held(client);
    const storedId = held.queue.sent(packet)?.storedId ?? (await held.keeping.get(packet.messageId ?? 0));
    if (storedId === undefined) return;
    await this.#parts.store.sent(held, storedId, packet.messageId ?? 0, packet.cmd === 'pubrel');
  }

  async outgoingClearMessageId(
    client: ClientRef,
    packet: OutgoingPacket,
  ): Promise<OutgoingPacket | undefined> {
    const held = this.#held(client);
    const done = held.queue.acknowledged(packet.messageId);
    const storedId = done?.storedId ?? (await held.keeping.get(packet.messageId ?? 0));
    held.keeping.delete(packet.messageId ?? 0);
    if (storedId !== undefined) await this.#parts.store.acknowledge(held, storedId);
    return done;
  }

  /** What waits for the client, including what comes in while this is read. */
  outgoingStream(client: Client): Readable {
    const held = this.#parts.held(client.id);
    if (held?.client !== client) return Readable.from([]);
    const ended = () => {
      held.reading = false; // live delivery goes on
    };
    return Readable.from(held.queue.unfinished(ended), { highWaterMark: 1 });
  }

  /** The message itself is handed over together with its packet id. */
  async incomingStorePacket(client: ClientRef, packet: AedesPublishPacket): Promise<void> {
    const { topic, payload, qos, retain, messageId } = packet;
    await this.#parts.handOver({
      clientId: client.id,
      topic,
      payload: Buffer.from(payload),
      qos,
      retain,
      receivedId: messageId ?? 0,
    });
    packet.brokerId = handedOver;
  }

  async incomingGetPacket(client: ClientRef, packet: AedesPublishPacket): Promise<AedesPublishPacket> {
    if (!(await this.#parts.store.hasReceived(client.id, packet.messageId ?? 0)))
      throw new Error('no such packet');
    return packet;
  }

  async incomingDelPacket(client: ClientRef, packet: AedesPublishPacket): Promise<void> {
    if (!(await this.#parts.store.forgetReceived(client.id, packet.messageId ?? 0)))
      throw new Error('no such packet');
  }

  async cleanIncoming(client: ClientRef): Promise<void> {
    if (this.#parts.held(client.id)?.client === client) await this.#parts.store.forgetAllReceived(client.id);
  }

  async putWill(client: ClientRef, will: AedesPublishPacket): Promise<void> {
    const { topic, qos, retain, payload } = will;
    const { token, failed } = this.#held(client);
    if (failed !== undefined) throw failed;
    const base64 = Buffer.from(payload).toString('base64');
    await this.#parts.store.putWill(client.id, { token, topic, qos, retain, payload: base64 });
  }

  /**
   * Aedes asks for this at CONNECT, where a will that is still there is that of a connection that has been
   * taken over or has died with its node: it is published before the new one says anything. After that the
   * cluster takes care.
   */
  async delWill(client: ClientRef): Promise<void> {
    const held = this.#parts.held(client.id);
    if (held?.client !== client) return;
    try {
      const left = await this.#parts.store.will(client.id);
      if (left && left.token !== held.token) await this.#parts.handOver(willMessage(client.id, left));
    } catch (error) {
      held.failed = error; // Aedes does not expect that this fails: the next step does
    }
  }

  async getWill(): Promise<undefined> {
    return undefined;
  }

  streamWill(): Readable {
    return Readable.from([]);
  }

  async countOffline(): Promise<{ subsCount: number; clientsCount: number }> {
    return { subsCount: 0, clientsCount: this.sessions };
  }

  async destroy(): Promise<void> {}

  #held(client: ClientRef): Held {
    const held = this.#parts.held(client.id);
    if (held?.client !== client) throw new TakenOver();
    return held;
  }
}

/** A message of a queue: its place on the bus names it, as it names what is delivered live. */
const queued = (storedId: string, topic: string, payload: Buffer, qos: number) => ({
  ...{ cmd: 'publish', topic, payload, qos, retain: false, dup: false, storedId },
  ...{ brokerId: fromBus, brokerCounter: placeOf(storedId) },
});

/** A will as a message that is published only if its connection’s will is still there. */
export function willMessage(
  clientId: string,
  will: { topic: string; qos: 0 | 1 | 2; retain: boolean; payload: string; token: string },
): Handed {
  const { topic, qos, retain, payload, token } = will;
  return { clientId, topic, qos, retain, payload: Buffer.from(payload, 'base64'), will: { clientId, token } };
}
