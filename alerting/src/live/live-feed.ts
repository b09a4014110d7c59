import type { StreamEventName, StreamPayload } from '@watchpost/contracts/api';
import type { LoggedChange } from '../store/change-log.ts';
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

/** Where a feed begins: what happened to alerts before it was made. */
export interface FeedStart {
  /** Names the log, so that nobody goes on in another one. Letters, digits and `_`. */
  readonly log: string;
  /** The newest changes, in order. */
  readonly changes: readonly LoggedChange[];
  /** After this position none of them is missing. */
  readonly completeAfter: number;
  /** Up to where the log was read. */
  readonly head: number;
}

interface Kept {
  readonly position: number;
  readonly id: string;
  readonly message: LiveMessage;
}

const keptOf = ({ position, alert }: LoggedChange): Kept => ({
  position,
  id: alert.id,
  message: { name: 'alert', payload: alert },
});

/**
 * Passes changes on to whoever listens, and keeps the newest changes of alerts for readers that were away.
 * Positions are those of the log of changes, so a reader also goes on after a restart; counts, gateways and
 * the map are told it anew instead.
 */
export class LiveFeed {
  readonly #readers = new Set<LiveReader>();
  readonly #observers = new Set<LiveReader>();
  readonly #keep: number;
  #log = 'none';
  #kept: Kept[] = [];
  #completeAfter = 0;
  #position = 0;

  constructor(keep: number = streamPolicy.keptMessages) {
    this.#keep = keep;
  }

  /** Takes up a log, before anybody listens. */
  begin({ log, changes, completeAfter, head }: FeedStart): void {
    this.#log = log;
    this.#kept = changes.map(keptOf);
    this.#completeAfter = completeAfter;
    this.#position = head;
  }

  /** Passes messages to `reader` until it is unsubscribed. `after` is the last position that it saw. */
  subscribe(reader: LiveReader, after?: string): Subscription {
    const missed = after === undefined ? undefined : this.#since(after);
    this.#readers.add(reader);
    return { missed, position: this.#reached, unsubscribe: () => this.#readers.delete(reader) };
  }

  /** Like {@link subscribe} for a part of the service itself, which is no reader of the stream. */
  observe(observer: LiveReader): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** Tells everybody of a change of an alert, and keeps it. */
  take(change: LoggedChange): void {
    const kept = keptOf(change);
    this.#position = kept.position;
    this.#kept.push(kept);
    if (this.#kept.length > this.#keep)
      this.#completeAfter = this.#kept.shift()?.position ?? this.#completeAfter;
    this.publish(kept.message);
  }

  /** Tells everybody. A reader that throws is dropped. */
  publish(message: LiveMessage): void {
    for (const readers of [this.#readers, this.#observers]) {
      for (const reader of readers) {
        try {
          reader(message, this.#reached);
        } catch {
          readers.delete(reader);
        }
      }
    }
  }

  get readers(): number {
    return this.#readers.size;
  }

  get #reached(): string {
    return `${this.#log}.${this.#position}`;
  }

  /** Of several changes of an alert the newest. */
  #since(reached: string): readonly LiveMessage[] | undefined {
    const [log, text = ''] = reached.split('.');
    const after = Number(text);
    const isKnown = log === this.#log && /^\d{1,15}$/.test(text) && after <= this.#position;
    if (!isKnown || after < this.#completeAfter) return undefined;
    const missed = this.#kept.filter(({ position }) => position > after);
    const newest = new Map(missed.map((kept) => [kept.id, kept]));
    if (newest.size > streamPolicy.missedAtMost) return undefined;
    return missed.filter((kept) => newest.get(kept.id) === kept).map(({ message }) => message);
  }
}
