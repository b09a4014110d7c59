import { filterMatches } from '@watchpost/contracts/wire';

interface Retained {
  readonly topic: string;
}

/** The last retained message of each topic, bounded in number and in payload bytes. */
export class RetainedMessages<T extends Retained> {
  readonly #most: number;
  readonly #mostBytes: number;
  readonly #byTopic = new Map<string, { packet: T; bytes: number }>();
  #bytes = 0;

  constructor(most: number, mostBytes: number) {
    this.#most = most;
    this.#mostBytes = mostBytes;
  }

  get messages(): number {
    return this.#byTopic.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Keeps the message in place of the former one; an empty payload removes it ([MQTT-3.3.1-10]). Over a limit
   * the message is not kept, and the former one of its topic is gone, because it is no longer true.
   */
  store(packet: T, payloadBytes: number): 'retained_messages' | 'retained_bytes' | undefined {
    this.#remove(packet.topic);
    if (payloadBytes === 0) return undefined;
    if (this.#byTopic.size >= this.#most) return 'retained_messages';
    const bytes = payloadBytes + packet.topic.length;
    if (this.#bytes + bytes > this.#mostBytes) return 'retained_bytes';
    this.#byTopic.set(packet.topic, { packet, bytes });
    this.#bytes += bytes;
    return undefined;
  }

  /** For each filter in turn, every message that matches it ([MQTT-3.3.1-6], [MQTT-3.8.4-4]). */
  *matching(filters: readonly string[]): Generator<T> {
    for (const filter of filters) {
      const exact = this.#byTopic.get(filter);
      if (exact) yield exact.packet;
      else if (filter.includes('+') || filter.includes('#')) yield* this.#wildcard(filter);
    }
  }

  *#wildcard(filter: string): Generator<T> {
    for (const [topic, { packet }] of this.#byTopic) if (filterMatches(filter, topic)) yield packet;
  }

  #remove(topic: string): void {
    const former = this.#byTopic.get(topic);
    if (!former) return;
    this.#byTopic.delete(topic);
    this.#bytes -= former.bytes;
  }
}
