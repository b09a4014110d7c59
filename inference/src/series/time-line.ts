/**
 * So many points in a row that are earlier than the latest, yet in order among themselves, mean that the
 * clock was set back.
 */
const setBackAfter = 20;

/**
 * Orders the points of one series: what is no time, a repeat or out of order is passed over, until the clock
 * was plainly set back.
 */
export class TimeLine {
  #latest = Number.NEGATIVE_INFINITY;
  #earlier = Number.NEGATIVE_INFINITY;
  #inOrder = 0;

  /**
   * @returns milliseconds since the last point that counted, Infinity for the first, NaN where the clock was
   * set back before this one, null when the point does not count
   */
  advance(timeMs: number): number | null {
    if (!Number.isFinite(timeMs)) return null;
    if (timeMs > this.#latest) return this.#moveTo(timeMs, timeMs - this.#latest);
    this.#inOrder = timeMs < this.#latest && timeMs > this.#earlier ? this.#inOrder + 1 : 0;
    this.#earlier = timeMs;
    return this.#inOrder < setBackAfter ? null : this.#moveTo(timeMs, Number.NaN);
  }

  #moveTo(timeMs: number, interval: number): number {
    this.#latest = timeMs;
    this.#earlier = Number.NEGATIVE_INFINITY;
    this.#inOrder = 0;
    return interval;
  }
}
