/**
 * At most `count` per `windowMs`, sliding. What goes over is counted, so that nothing disappears without a
 * number.
 */
export class RateLimit {
  readonly #count: number;
  readonly #windowMs: number;
  #times: number[] = [];
  /** How many were held back. */
  heldBack = 0;

  constructor(count: number, windowMs: number) {
    this.#count = count;
    this.#windowMs = windowMs;
  }

  allows(atMs: number): boolean {
    this.#times = this.#times.filter((time) => Math.abs(atMs - time) < this.#windowMs);
    if (this.#times.length < this.#count) {
      this.#times.push(atMs);
      return true;
    }
    this.heldBack++;
    return false;
  }
}
