/** One connection’s place. */
export interface Place {
  /** Its client was let in: from now on it is not made to go. */
  admitted(): void;
  /** Takes one of the places of this address, once; false when there is none. */
  enterAddress(address: string): boolean;
  /** Gives it back; may be called again. */
  leave(): void;
}

interface Held {
  readonly makeWay: () => void;
  address: string | undefined;
  pending: boolean;
  gone: boolean;
}

/**
 * Counts open connections, in all and per remote address. The two are taken one after the other, because
 * behind a balancer the address is known only after a header. A connection is pending until its client has
 * logged in. When there is no place, the oldest pending one of the same address makes way, or of the address
 * that has most of them: so connections that say nothing keep nobody out.
 */
export class ConnectionGate {
  readonly #most: number;
  readonly #mostPerAddress: number;
  readonly #perAddress = new Map<string, number>();
  /** By address, the oldest first; `''` are those whose address is not known. */
  readonly #pending = new Map<string, Set<Held>>();
  #open = 0;

  constructor(most: number, mostPerAddress: number) {
    this.#most = most;
    this.#mostPerAddress = mostPerAddress;
  }

  get open(): number {
    return this.#open;
  }

  /**
   * A place in all; nothing when there is none. `makeWay` is called when it is taken away again, and it has
   * been left then.
   */
  enter(makeWay: () => void): Place | undefined {
    if (this.#open >= this.#most) this.#oldestOf(this.#mostPending())?.makeWay();
    if (this.#open >= this.#most) return undefined;
    this.#open++;
    const held: Held = {
      makeWay: () => this.#evict(held, makeWay),
      address: undefined,
      pending: true,
      gone: false,
    };
    this.#wait(held);
    return {
      admitted: () => this.#waitNoMore(held),
      enterAddress: (address) => this.#enterAddress(held, address),
      leave: () => this.#leave(held),
    };
  }

  #enterAddress(held: Held, address: string): boolean {
    if (held.gone) return false;
    if (this.#countOf(address) >= this.#mostPerAddress) this.#oldestOf(address)?.makeWay();
    if (this.#countOf(address) >= this.#mostPerAddress) return false;
    this.#waitNoMore(held);
    held.address = address;
    this.#perAddress.set(address, this.#countOf(address) + 1);
    this.#wait(held);
    return true;
  }

  #evict(held: Held, makeWay: () => void): void {
    this.#leave(held);
    makeWay();
  }

  #leave(held: Held): void {
    if (held.gone) return;
    held.gone = true;
    this.#open--;
    this.#waitNoMore(held);
    const { address } = held;
    if (address === undefined) return;
    const left = this.#countOf(address) - 1;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
  }

  #wait(held: Held): void {
    const key = held.address ?? '';
    const pending = this.#pending.get(key) ?? new Set();
    this.#pending.set(key, pending.add(held));
    held.pending = true;
  }

  #waitNoMore(held: Held): void {
    if (!held.pending) return;
    held.pending = false;
    const key = held.address ?? '';
    const pending = this.#pending.get(key);
    pending?.delete(held);
    if (pending?.size === 0) this.#pending.delete(key);
  }

  #countOf(address: string): number {
    return this.#perAddress.get(address) ?? 0;
  }

  #mostPending(): string {
    let [found, most] = ['', 0];
    for (const [address, { size }] of this.#pending) if (size > most) [found, most] = [address, size];
    return found;
  }

  #oldestOf(address: string): Held | undefined {
    for (const held of this.#pending.get(address) ?? []) return held;
    return undefined;
  }
}
