/**
 * Counts failed attempts by key in a fixed window. Bounded: when too many keys are in the window the oldest are
 * forgotten first.
 */
export class AttemptLimit {
  readonly #most: number;
  readonly #windowMs: number;
  readonly #failures = new Map<string, { count: number; sinceMs: number }>();

  constructor(most: number, windowMs: number) {
    this.#most = most;
    this.#windowMs = windowMs;
  }

  /** Whether the key may try once more now. */
  allows(key: string, nowMs: number): boolean {
    const entry = this.#failures.get(key);
    return !entry || nowMs - entry.sinceMs >= this.#windowMs || entry.count < this.#most;
  }

  fail(key: string, nowMs: number): void {
    const entry = this.#failures.get(key);
    if (entry && nowMs - entry.sinceMs < this.#windowMs) {
      entry.count++;
      return;
    }
    this.#failures.delete(key);
    this.#failures.set(key, { count: 1, sinceMs: nowMs });
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= 10_000) break;
      this.#failures.delete(oldest);
    }
  }

  clear(key: string): void {
    this.#failures.delete(key);
  }
}
