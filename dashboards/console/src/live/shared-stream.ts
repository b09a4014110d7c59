import { type Connection, EventStream, type StreamReader, type StreamWord } from '../api/event-stream.ts';
import { consolePolicy } from '../policy.ts';
import { type LeaseHolder, type TabLease, tabLease } from './tab-lease.ts';
import { onTick } from './ticks.ts';

export interface StreamListener {
  connection(state: Connection): void;
  word(word: StreamWord): void;
}

/** What the tab that holds the stream tells the others. */
type TabMessage =
  | { readonly kind: 'word'; readonly word: StreamWord; readonly position: string | undefined }
  /** It is there, and how its connection is. */
  | { readonly kind: 'pulse'; readonly connection: Connection }
  /** Said by the others: what is heard is wanted. */
  | { readonly kind: 'here' };

type Channel = Pick<BroadcastChannel, 'postMessage' | 'close'> & {
  onmessage: ((event: MessageEvent<TabMessage>) => void) | null;
};

/** What a {@link SharedStream} is made of; tests put in their own. */
export interface SharedStreamParts {
  readonly stream: (reader: StreamReader) => Pick<EventStream, 'start' | 'stop' | 'renew'>;
  readonly lease: (holder: LeaseHolder) => TabLease;
  readonly channel: () => Channel | undefined;
  readonly monotonicMs: () => number;
  readonly onTick: (reader: () => void) => () => void;
}

const browserParts = (url: string): SharedStreamParts => ({
  stream: (reader) => new EventStream(url, reader),
  lease: (holder) => tabLease('stream', holder),
  channel: () =>
    typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('watchpost.stream'),
  monotonicMs: () => performance.now(),
  onTick,
});

/**
 * One event stream for all tabs of a browser, which has six connections to a server and no more: one tab
 * holds it and passes on what it hears. Every tab watches for itself whether anything is heard at all.
 */
export class SharedStream {
  readonly #parts: SharedStreamParts;
  readonly #listener: StreamListener;
  readonly #lease: TabLease;
  #stream: Pick<EventStream, 'start' | 'stop' | 'renew'> | undefined;
  #channel: Channel | undefined;
  #leave: (() => void) | undefined;
  #connection: Connection = 'connecting';
  #position: string | undefined;
  #heardMs = 0;
  #leaderMs = 0;
  #othersMs = 0;

  constructor(url: string, listener: StreamListener, parts: SharedStreamParts = browserParts(url)) {
    this.#parts = parts;
    this.#listener = listener;
    this.#lease = parts.lease({ held: () => this.#lead(), lost: () => this.#follow() });
  }

  start(): void {
    this.#heardMs = this.#leaderMs = this.#parts.monotonicMs();
    this.#channel = this.#parts.channel();
    if (this.#channel) this.#channel.onmessage = ({ data }) => this.#told(data);
    this.#leave = this.#parts.onTick(() => this.#watch());
    this.#listener.connection(this.#connection);
    this.#lease.start();
    this.#sayHere();
  }

  stop(): void {
    this.#leave?.();
    this.#lease.stop();
    this.#follow();
    this.#channel?.close();
    this.#channel = undefined;
  }

  #lead(): void {
    if (this.#stream) return;
    this.#heardMs = this.#othersMs = this.#parts.monotonicMs();
    this.#stream = this.#parts.stream({
      word: (word, position) => {
        this.#hear(word, position);
        this.#passOn({ kind: 'word', word, position });
      },
      broken: () => {
        this.#became('lost');
        this.#pulse();
      },
    });
    this.#stream.start(this.#position);
  }

  #follow(): void {
    this.#stream?.stop();
    this.#stream = undefined;
    this.#leaderMs = this.#parts.monotonicMs();
  }

  /**
   * A message to other tabs costs as much as drawing what it says: nobody writes to tabs that are not there.
   */
  #passOn(message: TabMessage): void {
    if (this.#parts.monotonicMs() - this.#othersMs < consolePolicy.othersSilenceMs)
      this.#channel?.postMessage(message);
  }

  #sayHere(): void {
    if (!this.#stream) this.#channel?.postMessage({ kind: 'here' });
  }

  #told(message: TabMessage): void {
    if (message.kind === 'here') {
      this.#othersMs = this.#parts.monotonicMs();
      return;
    }
    this.#leaderMs = this.#parts.monotonicMs();
    if (this.#stream) return;
    if (message.kind === 'word') this.#hear(message.word, message.position);
    else if (message.connection === 'lost') this.#became('lost');
  }

  #hear(word: StreamWord, position: string | undefined): void {
    this.#heardMs = this.#parts.monotonicMs();
    this.#position = position;
    this.#became('live');
    this.#listener.word(word);
  }

  /** Once a second: is anything heard, and is the tab that should pass it on still there? */
  #watch(): void {
    const nowMs = this.#parts.monotonicMs();
    if (nowMs - this.#heardMs > consolePolicy.silenceMs) {
      this.#became('lost');
      // A connection that is being made gets as long.
      this.#heardMs = nowMs;
      this.#stream?.renew();
    }
    this.#sayHere();
    if (this.#stream) this.#pulse();
    else if (nowMs - this.#leaderMs > consolePolicy.leaderSilenceMs) {
      this.#leaderMs = nowMs;
      this.#lease.steal();
    }
  }

  #pulse(): void {
    this.#channel?.postMessage({ kind: 'pulse', connection: this.#connection });
  }

  #became(connection: Connection): void {
    if (this.#connection === connection) return;
    this.#connection = connection;
    this.#listener.connection(connection);
  }
}
