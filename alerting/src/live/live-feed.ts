import type { StreamEventName, StreamPayload } from '@watchpost/contracts/api';
import type { LoggedChange } from '../store/change-log.ts';
import { streamPolicy } from './policy.ts';

/** Something that readers of the event stream are told. */
export type LiveMessage = {
  readonly [N in StreamEventName]: {
    readonly name: N;
    /** Whom it concerns: nobody who may not see this site is told. */
    readonly site: string;
    readonly payload: StreamPayload<N>;
    /** Only sessions of this account are told. */
    readonly account?: string;
  };
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
  readonly sites: readonly SiteStart[];
  /** Up to where the log was read. */
  readonly head: number;
}

/** What happened on one site before. */
export interface SiteStart {
  readonly site: string;
  /** The newest changes, in order. */
  readonly changes: readonly LoggedChange[];
  /** After this position none of them is missing. */
  readonly completeAfter: number;
}

interface Kept {
  readonly position: number;
  readonly id: string;
  readonly message: LiveMessage;
}

const keptOf = ({ position, alert }: LoggedChange): Kept => ({
  position,
  id: alert.id,
  message: { name: 'alert', site: alert.site, payload: alert },
});

/** What is kept of one site: much that happens on another one takes nothing away. */
interface KeptOfSite {
  readonly kept: Kept[];
  completeAfter: number;
}

/**
 * Passes changes on to whoever listens, and keeps the newest changes of alerts for readers that were away.
 * Positions are those of the log of changes, so a reader also goes on after a restart; counts, gateways and
 * the map are told it anew instead. A reader hears of the sites that it named, and of no other.
 */
export class LiveFeed {
  readonly #readers = new Map<LiveReader, ReadonlySet<string>>();
  readonly #observers = new Set<LiveReader>();
  readonly #keep: number;
  #log = 'none';
  readonly #sites = new Map<string, KeptOfSite>();
  #position = 0;

  constructor(keep: number = streamPolicy.keptMessages) {
    this.#keep = keep;
  }

  /** Takes up a log, before anybody listens. */
  begin({ log, sites, head }: FeedStart): void {
    this.#log = log;
    for (const { site, changes, completeAfter } of sites)
      this.#sites.set(site, { kept: changes.map(keptOf), completeAfter });
    this.#position = head;
  }

  /**
   * Passes messages of these sites to `reader` until it is unsubscribed. `after` is the last position that it
   * saw.
   */
  subscribe(reader: LiveReader, sites: ReadonlySet<string>, after?: string): Subscription {
    const missed = after === undefined ? undefined : this.#since(after, sites);
    this.#readers.set(reader, sites);
    return { missed, position: this.#reached, unsubscribe: () => this.#readers.delete(reader) };
  }

  /** Like {@link subscribe} for a part of the service itself, which is no reader of the stream. */
  observe(observer: LiveReader): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** Tells everybody of a change of an alert, and keeps it. */
  take(change: LoggedChange): void {
    const one = keptOf(change);
    this.#position = one.position;
    const of = this.#sites.get(one.message.site) ?? { kept: [], completeAfter: 0 };
    this.#sites.set(one.message.site, of);
    of.kept.push(one);
    if (of.kept.length > this.#keep) of.completeAfter = of.kept.shift()?.position ?? of.completeAfter;
    this.publish(one.message);
  }

  /** Tells everybody whom it concerns. A reader that throws is dropped. */
  publish(message: LiveMessage): void {
    for (const [reader, sites] of this.#readers)
      if (sites.has(message.site) && !this.#tell(reader, message)) this.#readers.delete(reader);
    for (const observer of this.#observers)
      if (!this.#tell(observer, message)) this.#observers.delete(observer);
  }

  #tell(reader: LiveReader, message: LiveMessage): boolean {
    try {
      reader(message, this.#reached);
      return true;
    } catch {
      return false;
    }
  }

  get readers(): number {
    return this.#readers.size;
  }

  get #reached(): string {
    return `${this.#log}.${this.#position}`;
  }

  /** Of several changes of an alert the newest. */
  #since(reached: string, sites: ReadonlySet<string>): readonly LiveMessage[] | undefined {
    const [log, text = ''] = reached.split('.');
    const after = Number(text);
    const isKnown = log === this.#log && /^\d{1,15}$/.test(text) && after <= this.#position;
    const asked = [...sites].flatMap((site) => this.#sites.get(site) ?? []);
    if (!isKnown || asked.some(({ completeAfter }) => after < completeAfter)) return undefined;
    const missed = asked
      .flatMap(({ kept }) => kept.filter(({ position }) => position > after))
      .sort((a, b) => a.position - b.position);
    const newest = new Map(missed.map((kept) => [kept.id, kept]));
    if (newest.size > streamPolicy.missedAtMost) return undefined;
    return missed.filter((kept) => newest.get(kept.id) === kept).map(({ message }) => message);
  }
}
