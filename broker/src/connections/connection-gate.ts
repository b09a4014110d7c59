/**
 * Counts open connections, in all and per remote address. The two are taken one after the other, because behind a balancer the
 * address is known only after a header.
 */
export class ConnectionGate {
  readonly #most: number;
  readonly #mostPerAddress: number;
  readonly #perAddress = new Map<string, number>();
  #open = 0;

  constructor(most: number, mostPerAddress: number) {
    this.#most = most;
    this.#mostPerAddress = mostPerAddress;
  }

  get open(): number {
    return this.#open;
  }

  /** Takes a place, to be given back with {@link leave}; false when there is none. */
  enter(): boolean {
    if (this.#open >= this.#most) return false;
    this.#open++;
    return true;
  }

  leave(): void {
    this.#open--;
  }

  /** Takes a place of an address, to be given back with {@link leaveAddress}; false when there is none. */
  enterAddress(address: string): boolean {
    const here = this.#perAddress.get(address) ?? 0;
    if (here >= this.#mostPerAddress) return false;
    this.#perAddress.set(address, here + 1);
    return true;
  }

  leaveAddress(address: string): void {
    const here = this.#perAddress.get(address) ?? 0;
    if (here <= 1) this.#perAddress.delete(address);
    else this.#perAddress.set(address, here - 1);
  }
}
