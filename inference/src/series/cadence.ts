/** Watches whether measurements come when they usually do. */
export class CadenceWatch {
  #usual = 0;
  #seen = 0;
  #misses = 0;

  /** After a measurement with a value, `interval` ms after the last. @returns 0 … 1, how odd the gap is */
  gap(interval: number): number {
    this.#misses = 0;
    if (!Number.isFinite(interval)) return 0;
    const odd = this.#seen < 10 ? 0 : interval / this.#usual / 20;
    // A long gap hardly moves what is usual.
    const bounded = this.#seen === 0 ? interval : Math.min(interval, 3 * this.#usual);
    const weight = 1 / Math.min(++this.#seen, 100);
    this.#usual += weight * (bounded - this.#usual);
    return odd < 0.25 ? 0 : Math.min(1, odd);
  }

  /** After a measurement without a usable value. @returns 0 … 1 */
  missed(): number {
    this.#misses++;
    return Math.min(1, this.#misses / 5);
  }
}
