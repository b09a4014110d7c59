import { isDollarTopic } from '@watchpost/contracts/wire';

interface Retained {
  readonly topic: string;
}

/** What is kept below one level of the topics. */
interface Level<T> {
  readonly children: Map<string, Level<T>>;
  packet: T | undefined;
}

const level = <T>(): Level<T> => ({ children: new Map(), packet: undefined });

/**
 * The last retained message of each topic, bounded in number and in payload bytes. By level, so that a filter
 * costs what it finds, and not a look at everything that is kept.
 */
export class RetainedMessages<T extends Retained> {
  readonly #most: number;
  readonly #mostBytes: number;
  readonly #root: Level<T> = level();
  readonly #bytesOf = new Map<string, number>();
  #bytes = 0;

  constructor(most: number, mostBytes: number) {
    this.#most = most;
    this.#mostBytes = mostBytes;
  }

  get messages(): number {
    return this.#bytesOf.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Keeps the message in place of the former one; an empty payload removes it ([MQTT-3.3.1-10]). Over a limit
   * the message is not kept, and the former one of its topic is gone, because it is no longer true.
   */
  store(packet: T, payloadBytes: number): 'retained_messages' | 'retained_bytes' | undefined {
    const { topic } = packet;
    this.#remove(topic);
    if (payloadBytes === 0) return undefined;
    if (this.messages >= this.#most) return 'retained_messages';
    const bytes = payloadBytes + topic.length;
    if (this.#bytes + bytes > this.#mostBytes) return 'retained_bytes';
    this.#bytesOf.set(topic, bytes);
    this.#bytes += bytes;
    let at = this.#root;
    for (const name of topic.split('/')) {
      let next = at.children.get(name);
      if (!next) {
        next = level();
        at.children.set(name, next);
      }
      at = next;
    }
    at.packet = packet;
    return undefined;
  }

  /** For each filter in turn, every message that matches it ([MQTT-3.3.1-6], [MQTT-3.8.4-4]). */
  *matching(filters: readonly string[]): Generator<T> {
    for (const filter of filters) yield* below(this.#root, filter.split('/'), 0);
  }

  #remove(topic: string): void {
    const bytes = this.#bytesOf.get(topic);
    if (bytes === undefined) return;
    this.#bytesOf.delete(topic);
    this.#bytes -= bytes;
    const path: { parent: Level<T>; name: string; child: Level<T> }[] = [];
    let at = this.#root;
    for (const name of topic.split('/')) {
      const child = at.children.get(name);
      if (!child) return;
      path.push({ parent: at, name, child });
      at = child;
    }
    at.packet = undefined;
    for (const { parent, name, child } of path.reverse()) {
      if (child.packet || child.children.size > 0) return;
      parent.children.delete(name);
    }
  }
}

/** What matches the rest of a filter (MQTT 3.1.1 §4.7). */
function* below<T>(at: Level<T>, names: readonly string[], depth: number): Generator<T> {
  const name = names[depth];
  if (name === undefined || name === '#') {
    if (at.packet) yield at.packet; // a/# matches a too (§4.7.1.2)
    if (name === '#') for (const child of reached(at, depth)) yield* everything(child);
  } else if (name === '+') {
    for (const child of reached(at, depth)) yield* below(child, names, depth + 1);
  } else {
    const child = at.children.get(name);
    if (child) yield* below(child, names, depth + 1);
  }
}

function* everything<T>(at: Level<T>): Generator<T> {
  if (at.packet) yield at.packet;
  for (const child of at.children.values()) yield* everything(child);
}

/** The levels that a wildcard reaches: as first level none that begins with `$` ([MQTT-4.7.2-1]). */
function* reached<T>(at: Level<T>, depth: number): Generator<Level<T>> {
  for (const [name, child] of at.children) if (depth > 0 || !isDollarTopic(name)) yield child;
}
