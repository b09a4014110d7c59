import type { ByteBudget } from './byte-budget.ts';
import { isTelemetryTopic } from './telemetry-topic.ts';

/** What the queue needs to know of a packet; PUBREL has no topic and no broker counter. */
export interface OutgoingPacket {
  readonly cmd: string;
  readonly brokerId?: string | null;
  readonly brokerCounter?: number;
  messageId?: number | undefined;
  readonly qos: number;
  readonly topic: string;
  readonly payload: { readonly length: number } | string;
  dup?: boolean;
  /** Its name in the store of a cluster. */
  storedId?: string | undefined;
}

interface Entry {
  packet: OutgoingPacket;
  readonly bytes: number;
  readonly sinceMs: number;
  readonly isTelemetry: boolean;
  /** It went out on this or an earlier connection. */
  sent: boolean;
  /** The present connection has it, or is about to. */
  handed: boolean;
}

/** Why a queue does not take a message. */
export type QueueLimit = 'telemetry_queue' | 'offline_messages' | 'offline_bytes' | 'offline_total_bytes';

/** What a queued message costs beside its topic and payload, in bytes. */
const overhead = 200;
const highestId = 65_535;

/**
 * Messages of one session from the moment they are due until the client has acknowledged them, in the order
 * of each topic ([MQTT-4.5.0-1], [MQTT-4.6.0-1]). Newer ones are refused when it is full. Telemetry has a
 * share that is its own, is refused when that is full, and goes out after everything else that waits.
 */
export class OutgoingQueue {
  readonly #most: number;
  readonly #mostBytes: number;
  /** What all queues together may hold. */
  readonly #shared: ByteBudget;
  readonly #entries = new Map<string, Entry>();
  readonly #byId = new Map<number, string>();
  /** Keys of what {@link unfinished} gave out and has not been sent yet. */
  readonly #underWay = new Set<string>();
  /** Keys of what the present connection has not been given, telemetry apart. */
  readonly #waiting = { events: new Set<string>(), telemetry: new Set<string>() };
  #allSent: (() => void) | undefined;
  #bytes = 0;
  #telemetry = 0;

  constructor(most: number, mostBytes: number, shared: ByteBudget) {
    this.#most = most;
    this.#mostBytes = mostBytes;
    this.#shared = shared;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Takes a message, or says which limit it would exceed. Of telemetry it holds `mostTelemetry`. */
  add(packet: OutgoingPacket, nowMs: number, mostTelemetry = Infinity): QueueLimit | undefined {
    const isTelemetry = packet.cmd === 'publish' && isTelemetryTopic(packet.topic);
    if (isTelemetry && this.#telemetry >= mostTelemetry) return 'telemetry_queue';
    const bytes = packet.payload.length + packet.topic.length + overhead;
    if (this.#entries.size >= this.#most) return 'offline_messages';
    if (this.#bytes + bytes > this.#mostBytes) return 'offline_bytes';
    if (!this.#shared.take(bytes)) return 'offline_total_bytes';
    this.#bytes += bytes;
    if (isTelemetry) this.#telemetry++;
    const key = keyOf(packet);
    this.#entries.set(key, { packet, bytes, sinceMs: nowMs, isTelemetry, sent: false, handed: false });
    (isTelemetry ? this.#waiting.telemetry : this.#waiting.events).add(key);
    return undefined;
  }

  /** Whether live delivery must leave this message to {@link unfinished}, or has done so. */
  has(packet: OutgoingPacket): 'waiting' | 'handed' | undefined {
    const entry = this.#entries.get(keyOf(packet));
    if (!entry) return undefined;
    return entry.handed ? 'handed' : 'waiting';
  }

  /**
   * Remembers a retained message that goes out now, and gives it a packet id; nothing when the queue is full.
   */
  addSent(packet: OutgoingPacket, serial: number, nowMs: number): OutgoingPacket | undefined {
    const known = { ...packet, brokerId: 'retained', brokerCounter: serial };
    if (this.add(known, nowMs) !== undefined) return undefined;
    this.sent(known);
    packet.messageId = known.messageId;
    return known;
  }

  /**
   * A message is about to be sent, or PUBREL after its PUBREC. Gives the message another packet id when the
   * one that it carries is in use ([MQTT-2.3.1-4]). A message that was refused here is sent without being
   * remembered; of any other, gives back what is remembered.
   */
  sent(packet: OutgoingPacket): OutgoingPacket | undefined {
    if (packet.cmd === 'pubrel') {
      const entry = this.#entries.get(this.#byId.get(packet.messageId ?? 0) ?? '');
      if (!entry) return undefined;
      packet.storedId = entry.packet.storedId;
      entry.packet = packet;
      this.#left(this.#byId.get(packet.messageId ?? 0) ?? '');
      return packet;
    }
    const key = keyOf(packet);
    const entry = this.#entries.get(key);
    this.#left(key);
    if (!entry) return undefined;
    const { messageId } = entry.packet;
    if (messageId === undefined) {
      packet.messageId = this.#freeId(packet.messageId ?? 1);
      entry.packet.messageId = packet.messageId;
      this.#byId.set(packet.messageId, key);
    } else packet.messageId = messageId;
    entry.sent = true;
    entry.handed = true;
    this.#noLongerWaits(key);
    return entry.packet;
  }

  /**
   * Takes back what went out on an earlier connection with this packet id, which may have been that of a
   * PUBREL.
   */
  restore(packet: OutgoingPacket & { messageId: number }, nowMs: number): void {
    if (this.add(packet, nowMs) !== undefined) return;
    const key = keyOf(packet);
    this.#byId.set(packet.messageId, key);
    const entry = this.#entries.get(key);
    if (entry) entry.sent = true;
  }

  /** PUBACK or PUBCOMP came: the message is done. */
  acknowledged(messageId: number | undefined): OutgoingPacket | undefined {
    const key = this.#byId.get(messageId ?? 0);
    return key === undefined ? undefined : this.#remove(key);
  }

  /** Removes what has waited since before this time and was never sent; returns how many. */
  dropOlderThan(timeMs: number): number {
    let dropped = 0;
    for (const [key, entry] of this.#entries) {
      if (entry.sinceMs >= timeMs) break; // in the order of their arrival
      if (entry.sent) continue;
      this.#remove(key);
      dropped++;
    }
    return dropped;
  }

  /**
   * Everything not acknowledged, in order and telemetry last, with DUP where it went out before
   * ([MQTT-3.3.1-1], [MQTT-4.4.0-1]). What is added while this is read comes at the end. Ends when all that
   * it gave out has been {@link sent}: what is delivered live from then on cannot overtake it, wherever it
   * was held up. `ended` is called when that is so.
   */
  async *unfinished(ended: () => void = () => undefined): AsyncGenerator<OutgoingPacket> {
    this.#underWay.clear();
    const { events, telemetry } = this.#waiting;
    for (const [key, entry] of this.#entries) {
      entry.handed = false;
      this.#noLongerWaits(key); // and again, so that the lines are in the order of arrival
      (entry.isTelemetry && !entry.sent ? telemetry : events).add(key); // repetitions keep their order [MQTT-4.6.0-1]
    }
    for (;;) {
      const [key = first(telemetry)] = events;
      const entry = key === undefined ? undefined : this.#entries.get(key);
      if (key !== undefined && entry) {
        this.#noLongerWaits(key);
        if (entry.packet.cmd === 'publish' && entry.sent) entry.packet.dup = true;
        entry.handed = true;
        this.#underWay.add(key);
        yield entry.packet;
      } else if (this.#underWay.size === 0) {
        ended(); // in the same moment: nothing can have been added since the last one
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#allSent = resolve;
        });
      }
    }
  }

  /** The session ends: gives back what it holds. */
  clear(): void {
    for (const key of [...this.#entries.keys()]) this.#remove(key);
  }

  #remove(key: string): OutgoingPacket | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#noLongerWaits(key);
    if (entry.isTelemetry) this.#telemetry--;
    this.#left(key);
    this.#bytes -= entry.bytes;
    this.#shared.release(entry.bytes);
    if (entry.packet.messageId !== undefined) this.#byId.delete(entry.packet.messageId);
    return entry.packet;
  }

  #noLongerWaits(key: string): void {
    if (!this.#waiting.events.delete(key)) this.#waiting.telemetry.delete(key);
  }

  #left(key: string): void {
    if (this.#underWay.delete(key) && this.#underWay.size === 0) this.#allSent?.();
  }

  #freeId(wanted: number): number {
    let id = wanted;
    // ends: there are never more than `most` entries, and the configuration keeps that below the number of
    // ids
    while (this.#byId.has(id)) id = id >= highestId ? 1 : id + 1;
    return id;
  }
}

const first = (keys: Iterable<string>): string | undefined => {
  for (const key of keys) return key;
  return undefined;
};

/** A message is known by its place in the broker’s count: the same for every subscriber. */
const keyOf = (packet: OutgoingPacket): string => `${packet.brokerId ?? ''}:${packet.brokerCounter ?? ''}`;
