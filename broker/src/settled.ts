/**
 * A value that is there already, in the shape of a promise. Aedes continues in `.then`; with a real promise
 * that is a few microtasks later, and a message of another kind that needs fewer of them would overtake: out
 * of order, and, as Aedes takes a lower counter for a repetition, dropped.
 */
export class Settled<T> implements PromiseLike<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  // biome-ignore lint/suspicious/noThenProperty: being a thenable is what this class is for
  then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    _rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    const result = fulfilled ? fulfilled(this.#value) : (this.#value as unknown as A);
    return new Settled(result as A);
  }
}
