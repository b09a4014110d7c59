/** One of those who use up what is shared. */
export interface Holder {
  /** Whose it is: one owner may have many holders. */
  readonly owner: string;
  /** Gives up all that it holds. */
  giveUp(): void;
}

/**
 * What waits for all slow clients together. When it becomes too much, something of the owner who has most is
 * given up, so that many connections that are each within their own limit cannot fill the memory, and make
 * nobody else lose a connection.
 */
export class SharedMemory {
  readonly #most: number;
  readonly #byOwner = new Map<string, Map<Holder, number>>();
  #used = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get used(): number {
    return this.#used;
  }

  /** So much does this holder have now. */
  holds(holder: Holder, bytes: number): void {
    const { owner } = holder;
    const held = this.#byOwner.get(owner) ?? new Map<Holder, number>();
    const more = bytes - (held.get(holder) ?? 0);
    this.#used += more;
    if (bytes > 0) this.#byOwner.set(owner, held.set(holder, bytes));
    else if (held.delete(holder) && held.size === 0) this.#byOwner.delete(owner);
    if (more > 0 && this.#used > this.#most) this.#largest()?.giveUp();
  }

  #largest(): Holder | undefined {
    let [most, found]: [number, Map<Holder, number> | undefined] = [0, undefined];
    for (const held of this.#byOwner.values()) {
      const sum = held.values().reduce((total, bytes) => total + bytes, 0);
      if (sum > most) [most, found] = [sum, held];
    }
    return found?.entries().reduce((one, other) => (other[1] > one[1] ? other : one))[0];
  }
}
