import type { StreamEventName, StreamPayload } from '@watchpost/contracts';

/** Something that readers of the event stream are told. */
export type LiveMessage = {
  readonly [N in StreamEventName]: { readonly name: N; readonly payload: StreamPayload<N> };
}[StreamEventName];

export type LiveReader = (message: LiveMessage) => void;

/** Passes changes on to whoever listens at the moment; keeps nothing. A reader that throws is dropped. */
export class LiveFeed {
  readonly #readers = new Set<LiveReader>();

  /** Starts passing messages to `reader` until the returned function is called. */
  subscribe(reader: LiveReader): () => void {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }

  publish(message: LiveMessage): void {
    for (const reader of this.#readers) {
      try {
        reader(message);
      } catch {
        this.#readers.delete(reader);
      }
    }
  }

  get readers(): number {
    return this.#readers.size;
  }
}
