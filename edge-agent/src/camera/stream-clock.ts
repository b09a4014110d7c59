import { streamClockPolicy } from './policy.ts';

const { stuckAfterMs, reorderMs, windowMs, mostLagMs } = streamClockPolicy;

/**
 * Says when a picture was taken, from its position in the stream: the one with the least delay so far stands
 * for "no delay", and whoever comes later than its position says was taken that much earlier than it came.
 * Positions that jump, stand still or are missing (firmware has all three) are told apart; then the moment of
 * arrival counts. All times are of one clock that never goes back, in milliseconds.
 */
export class StreamClock {
  #least = Number.POSITIVE_INFINITY;
  #leastBefore = Number.POSITIVE_INFINITY;
  #windowFrom = Number.NEGATIVE_INFINITY;
  #furthest = Number.NEGATIVE_INFINITY;
  #roseAt = Number.NEGATIVE_INFINITY;

  /**
   * @param positionMs where in the stream; NaN when it does not say. @returns when it was taken, never after
   * `arrivedMs`.
   */
  arrived(positionMs: number, arrivedMs: number): number {
    if (!Number.isFinite(positionMs)) return arrivedMs;
    if (positionMs < this.#furthest - reorderMs) this.#begin(arrivedMs);
    if (positionMs > this.#furthest) {
      this.#furthest = positionMs;
      this.#roseAt = arrivedMs;
    } else if (arrivedMs - this.#roseAt > stuckAfterMs) {
      this.#least = this.#leastBefore = Number.POSITIVE_INFINITY;
      return arrivedMs;
    }
    if (arrivedMs - this.#windowFrom > windowMs) {
      this.#leastBefore = this.#least;
      this.#least = Number.POSITIVE_INFINITY;
      this.#windowFrom = arrivedMs;
    }
    const offset = arrivedMs - positionMs;
    this.#least = Math.min(this.#least, offset);
    const lag = offset - Math.min(this.#least, this.#leastBefore);
    if (lag <= mostLagMs) return arrivedMs - lag;
    this.#begin(arrivedMs);
    this.#least = offset;
    return arrivedMs;
  }

  #begin(arrivedMs: number): void {
    this.#least = this.#leastBefore = Number.POSITIVE_INFINITY;
    this.#furthest = Number.NEGATIVE_INFINITY;
    this.#windowFrom = arrivedMs;
  }
}
