import { randomBytes } from 'node:crypto';
import type { StreamEventName, StreamPayload } from '@watchpost/contracts/api';
import { streamPolicy } from './policy.ts';

/** Something that readers of the event stream are told. */
export type LiveMessage = {
  readonly [N in StreamEventName]: { readonly name: N; readonly payload: StreamPayload<N> };
}[StreamEventName];

/** Takes a message and the position that a reader has reached with it. */
export type LiveReader = (message: LiveMessage, position: string) => void;

/**
 * A place in the feed. `missed` is undefined where the reader's last position is unknown: it has to load
 * everything.
 */
export interface Subscription {
  readonly missed: readonly LiveMessage[] | undefined;
  /** The position reached with the missed ones. */
  readonly position: string;
  readonly unsubscribe: () => void;
}

/** What must reach a reader that comes back; counts and the map are told anew instead. */
const isKept = ({ name }: LiveMessage): boolean => name === 'alert' || name === 'gateway';

/**
 * Passes changes on to whoever listens, and keeps the newest for readers that were away for a moment.
 * Positions count within this process: after a restart nobody can go on, and everybody loads.
 */
export class LiveFeed {
  readonly #readers = new Set<LiveReader>();
  readonly #observers = new Set<LiveReader>();
  readonly #run = randomBytes(6).toString('hex');
  readonly #keep: number;
  readonly #kept: LiveMessage[] = [];
  /** How many messages were kept since the start. */
  #count = 0;

  constructor(keep: number = streamPolicy.keptMessages) {
    this.#keep = keep;
  }

  /** Passes messages to `reader` until it is unsubscribed. `after` is the last position that it saw. */
  subscribe(reader: LiveReader, after?: string): Subscription {
    const missed = after === undefined ? undefined : this.#since(after);
    this.#readers.add(reader);
    return { missed, position: this.#position, unsubscribe: () => this.#readers.delete(reader) };
  }

  /** Like {@link subscribe} for a part of the service itself, which is no reader of the stream. */
  observe(observer: LiveReader): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** Tells everybody. A reader that throws is dropped. */
  publish(message: LiveMessage): void {
    if (isKept(message)) {
      this.#count += 1;
      this.#kept.push(message);
      if (this.#kept.length > this.#keep) this.#kept.shift();
    }
    for (const readers of [this.#readers, this.#observers]) {
      for (const reader of readers) {
        try {
          reader(message, this.#position);
        } catch {
          readers.delete(reader);
        }
      }
    }
  }

  get readers(): number {
    return this.#readers.size;
  }

  get #position(): string {
    return `${this.#run}.${this.#count}`;
  }

  #since(position: string): readonly LiveMessage[] | undefined {
    const [run, text = ''] = position.split('.');
    const missing = this.#count - Number(text);
    const isKnown = run === this.#run && /^\d{1,15}$/.test(text) && missing >= 0;
    if (!isKnown || missing > this.#kept.length) return undefined;
    return this.#kept.slice(this.#kept.length - missing);
  }
}
