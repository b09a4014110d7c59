import type { Clock } from '@watchpost/hardware';

/** Something that was heard, with its time in milliseconds; `kept`: it was already so before. */
export interface Heard<T> {
  readonly value: T;
  readonly timeMs: number;
  readonly kept: boolean;
}

/**
 * Lets a change pass only when it has lasted: a contact that bounces is heard once. The first value and
 * repetitions pass at once; a change carries the time at which it began. Owns one timer.
 */
export class Debounce<T> {
  readonly #lastMs: number;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #pass: (heard: Heard<T>) => void;
  #value: { readonly is: T } | null = null;
  #pending: (Heard<T> & { readonly cancel: () => void }) | null = null;

  /** @param lastMs how long a change must last; 0 = every change passes */
  constructor(lastMs: number, clock: Pick<Clock, 'after'>, pass: (heard: Heard<T>) => void) {
    this.#lastMs = lastMs;
    this.#clock = clock;
    this.#pass = pass;
  }

  hear(heard: Heard<T>): void {
    const settled = this.#value;
    if (this.#lastMs === 0 || settled === null || settled.is === heard.value) {
      this.#drop();
      this.#settle(heard);
    } else if (this.#pending?.value !== heard.value) {
      this.#drop();
      const cancel = this.#clock.after(this.#lastMs, () => {
        this.#pending = null;
        this.#settle(heard);
      });
      this.#pending = { ...heard, cancel };
    }
  }

  /** Forgets a change that has not lasted yet. */
  stop(): void {
    this.#drop();
  }

  #settle(heard: Heard<T>): void {
    this.#value = { is: heard.value };
    this.#pass(heard);
  }

  #drop(): void {
    this.#pending?.cancel();
    this.#pending = null;
  }
}
