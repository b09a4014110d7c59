import type { StreamEventName, StreamPayload } from '@watchpost/contracts';
import { reconnectDelayMs } from '../domain/reconnect.ts';

export type Connection = 'connecting' | 'live' | 'lost';

export interface StreamListener {
  connection(state: Connection): void;
  /** After every (re)connection: what happened meanwhile has to be loaded. */
  hello(): void;
  alert(alert: StreamPayload<'alert'>): void;
  gateway(status: StreamPayload<'gateway'>): void;
  heat(): void;
}

/** The server's event stream; comes back by itself until it is stopped. */
export class EventStream {
  readonly #url: string;
  readonly #listener: StreamListener;
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;

  constructor(url: string, listener: StreamListener) {
    this.#url = url;
    this.#listener = listener;
  }

  start(): void {
    this.#listener.connection('connecting');
    this.#open();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  #open(): void {
    const source = new EventSource(this.#url);
    this.#source = source;
    const on = <N extends StreamEventName>(name: N, handle: (payload: StreamPayload<N>) => void) =>
      source.addEventListener(name, (message) => handle(JSON.parse((message as MessageEvent<string>).data)));
    on('hello', () => {
      this.#attempt = 0;
      this.#listener.connection('live');
      this.#listener.hello();
    });
    on('alert', (alert) => this.#listener.alert(alert));
    on('gateway', (status) => this.#listener.gateway(status));
    on('heat', () => this.#listener.heat());
    // The browser's own retry stops for good after an answer such as 401 or 502, so every loss is handled here.
    source.addEventListener('error', () => {
      source.close();
      if (this.#source !== source) return;
      this.#listener.connection('lost');
      this.#timer = setTimeout(() => this.#open(), reconnectDelayMs(this.#attempt, Math.random()));
      this.#attempt += 1;
    });
  }
}
