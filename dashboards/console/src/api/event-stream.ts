import type { StreamEventName, StreamPayload } from '@watchpost/contracts/api';
import { reconnectDelayMs } from './reconnect.ts';

// Types only: the schemas of the contracts would be a fifth of all that a phone has to load.
const names: Readonly<Record<StreamEventName, true>> = {
  hello: true,
  alert: true,
  counts: true,
  gateway: true,
  heat: true,
  seen: true,
  heartbeat: true,
};
const streamEventNames = Object.keys(names) as readonly StreamEventName[];

export type Connection = 'connecting' | 'live' | 'lost';

/** One event of the stream. */
export type StreamWord = {
  readonly [N in StreamEventName]: { readonly name: N; readonly payload: StreamPayload<N> };
}[StreamEventName];

export interface StreamReader {
  /** Every event, and the position reached with it where it has one. */
  word(word: StreamWord, position: string | undefined): void;
  /** The connection broke, or could not be made. It is tried again by itself. */
  broken(): void;
}

/**
 * The server's event stream; comes back by itself until it is stopped, and goes on where it was. A connection
 * can die without a sign: whoever watches it calls {@link EventStream.renew}.
 */
export class EventStream {
  readonly #url: string;
  readonly #reader: StreamReader;
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #position: string | undefined;

  constructor(url: string, reader: StreamReader) {
    this.#url = url;
    this.#reader = reader;
  }

  /** Begins, after a position that this browser has seen already where there is one. */
  start(position?: string): void {
    this.#position = position;
    this.#open();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  /** Gives the present connection up and makes another. */
  renew(): void {
    this.stop();
    this.#retry();
  }

  #open(): void {
    const after = this.#position === undefined ? '' : `?after=${encodeURIComponent(this.#position)}`;
    const source = new EventSource(this.#url + after);
    this.#source = source;
    for (const name of streamEventNames) {
      source.addEventListener(name, (message) => {
        const { data, lastEventId } = message as MessageEvent<string>;
        if (name === 'hello') this.#attempt = 0;
        if (lastEventId !== '') this.#position = lastEventId;
        this.#reader.word({ name, payload: JSON.parse(data) } as StreamWord, this.#position);
      });
    }
    // The browser's own retry stops for good after an answer such as 401 or 502, so every loss is handled
    // here.
    source.addEventListener('error', () => {
      source.close();
      if (this.#source !== source) return;
      this.#source = undefined;
      this.#reader.broken();
      this.#retry();
    });
  }

  #retry(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), reconnectDelayMs(this.#attempt, Math.random()));
    this.#attempt += 1;
  }
}
