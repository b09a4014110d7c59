/** What Redis said to a message. */
export type Answer<R> =
  | { readonly is: 'stale'; readonly version: string }
  | { readonly is: 'answered'; readonly result: R };

export interface HandOverPort<M, R> {
  send(message: M): Promise<Answer<R>>;
  /** Resolves when the subscriptions of that version are known here. */
  known(version: string): Promise<void>;
}

interface Item<M, R> {
  readonly message: M;
  resolve(result: R): void;
  reject(error: unknown): void;
}

/**
 * Hands messages to Redis in their order, many at a time. Redis refuses those that were addressed by
 * subscriptions that have changed since; they and all after them wait until the change is known here, and go
 * again, still in order.
 */
export class HandOver<M, R> {
  readonly #port: HandOverPort<M, R>;
  #waiting: Item<M, R>[] = [];
  #stale: Item<M, R>[] = [];
  #version = '';
  #underWay = 0;

  constructor(port: HandOverPort<M, R>) {
    this.#port = port;
  }

  /** Messages that Redis has not answered. */
  get pending(): number {
    return this.#underWay + this.#stale.length + this.#waiting.length;
  }

  /** Resolves when Redis has the message. */
  give(message: M): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message, resolve, reject });
      this.#sendWaiting();
    });
  }

  #sendWaiting(): void {
    if (this.#stale.length > 0) return;
    for (const item of this.#waiting.splice(0)) {
      this.#underWay++;
      this.#port.send(item.message).then(
        (answer) => {
          if (answer.is === 'answered') item.resolve(answer.result);
          else {
            this.#stale.push(item);
            this.#version = answer.version;
          }
          this.#landed();
        },
        (error: unknown) => {
          item.reject(error);
          this.#landed();
        },
      );
    }
  }

  #landed(): void {
    this.#underWay--;
    if (this.#underWay > 0 || this.#stale.length === 0) return;
    this.#port.known(this.#version).then(
      () => {
        this.#waiting = [...this.#stale.splice(0), ...this.#waiting];
        this.#sendWaiting();
      },
      (error: unknown) => {
        for (const item of [...this.#stale.splice(0), ...this.#waiting.splice(0)]) item.reject(error);
      },
    );
  }
}
