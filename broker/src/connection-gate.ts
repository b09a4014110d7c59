/** Counts open connections, in all and per remote address. */
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

  /** Takes a place, or says which limit was reached. Each place must be given back with {@link leave}. */
  enter(address: string): 'entered' | 'connections' | 'connections_per_address' {
    const here = this.#perAddress.get(address) ?? 0;
    if (this.#open >= this.#most) return 'connections';
    if (here >= this.#mostPerAddress) return 'connections_per_address';
    this.#open++;
    this.#perAddress.set(address, here + 1);
    return 'entered';
  }

  leave(address: string): void {
    const here = this.#perAddress.get(address);
    if (here === undefined) return;
    this.#open--;
    if (here === 1) this.#perAddress.delete(address);
    else this.#perAddress.set(address, here - 1);
  }
}
