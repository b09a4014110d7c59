/** Gaps shorter than so many usual intervals are nothing to speak of. */
const leastOdd = 20;
/** No gap counts as longer, so that a quotient of extreme times stays a number. */
const mostLength = 1e9;

/** Watches whether measurements come when they usually do. */
export class CadenceWatch {
  #usual = 0;
  #seen = 0;
  #misses = 0;
  /**
   * Longest gap so far, fading, in usual intervals: a series that often pauses is not told about for each
   * pause.
   */
  #longest = 1;

  /**
   * After a measurement with a value, `interval` ms after the last. @returns 0 … 1, how odd the gap is: 0.5
   * for twice the longest so far
   */
  gap(interval: number): number {
    this.#misses = 0;
    if (!Number.isFinite(interval)) return 0;
    const length = this.#seen === 0 ? 1 : Math.min(interval / this.#usual, mostLength);
    const odd = this.#seen < 20 || length < leastOdd ? 0 : length / (length + 2 * this.#longest);
    this.#longest = Math.max(1, this.#longest * 0.9995, length);
    // A long gap hardly moves what is usual.
    const bounded = this.#seen === 0 ? interval : Math.min(interval, 3 * this.#usual);
    this.#seen++;
    this.#usual += (bounded - this.#usual) / Math.min(this.#seen, 100);
    return odd;
  }

  /** After a measurement without a usable value. @returns 0 … 1 */
  missed(): number {
    this.#misses++;
    return Math.min(1, this.#misses / 5);
  }
}
