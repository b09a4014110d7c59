import type { RateLimit } from './policy.ts';

/** Token buckets by key. Bounded: the keys that were used longest ago are forgotten first. */
export class TokenBuckets {
  readonly #limit: RateLimit;
  readonly #keysAtMost: number;
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();

  constructor(limit: RateLimit, keysAtMost: number) {
    this.#limit = limit;
    this.#keysAtMost = keysAtMost;
  }

  /** What is left for the key, a fraction included. */
  left(key: string, nowMs: number): number {
    const { burst, refillMs } = this.#limit;
    const bucket = this.#buckets.get(key);
    return bucket ? Math.min(burst, bucket.tokens + (nowMs - bucket.atMs) / refillMs) : burst;
  }

  /** How many of the burst are used up. */
  used(key: string, nowMs: number): number {
    return this.#limit.burst - this.left(key, nowMs);
  }

  /** Milliseconds until the key may be used again; 0 when it may now. */
  waitMs(key: string, nowMs: number): number {
    return Math.max(0, Math.ceil((1 - this.left(key, nowMs)) * this.#limit.refillMs));
  }

  /** Takes one; ask {@link waitMs} before. */
  take(key: string, nowMs: number): void {
    this.#set(key, this.left(key, nowMs) - 1, nowMs);
  }

  /** Gives one back. */
  giveBack(key: string, nowMs: number): void {
    this.#set(key, this.left(key, nowMs) + 1, nowMs);
  }

  /** Gives all back. */
  clear(key: string): void {
    this.#buckets.delete(key);
  }

  #set(key: string, tokens: number, atMs: number): void {
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens, atMs });
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= this.#keysAtMost) break;
      this.#buckets.delete(oldest);
    }
  }
}
