/** An allowance per second with a burst. Taking more than is there makes a debt that has to be waited for. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #atMs: number;

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#atMs = nowMs;
  }

  /** Takes `cost` if all of it is there, and nothing otherwise. */
  tryTake(cost: number, nowMs: number): boolean {
    this.#earn(nowMs);
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }

  /** Gives back what was taken. */
  give(cost: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + cost);
  }

  /** Takes `cost`; returns how many milliseconds to wait before the next one, 0 when there is no debt. */
  take(cost: number, nowMs: number): number {
    this.#earn(nowMs);
    this.#tokens -= cost;
    return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens / this.#perSecond) * 1000);
  }

  #earn(nowMs: number): void {
    const earned = ((nowMs - this.#atMs) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#burst, this.#tokens + earned);
    this.#atMs = nowMs;
  }
}
