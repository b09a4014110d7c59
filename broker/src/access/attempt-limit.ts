import { TokenBucket } from '../domain/token-bucket.ts';
import type { AttemptPolicy } from './policy.ts';

interface Source {
  readonly bucket: TokenBucket;
  failures: number;
}

/** One attempt to log in; exactly one of the two is called when it has been looked at. */
export interface Attempt {
  /** Milliseconds to wait before the secret is looked at. */
  readonly waitMs: number;
  succeeded(): void;
  failed(): void;
}

/**
 * Slows guessing down: every look at a secret takes from a budget of its user name and address, and from one
 * of its user name; a right one gives it back. When a budget is used up attempts wait for their turn. A
 * client that was let in before, with this user name, address and client id, has a budget of its own, so that
 * it comes back while others guess.
 */
export class AttemptLimit {
  readonly #policy: AttemptPolicy;
  readonly #nowMs: () => number;
  readonly #sources = new Map<string, Source>();
  readonly #accounts = new Map<string, TokenBucket>();
  readonly #known = new Map<string, Source>();

  constructor(policy: AttemptPolicy, nowMs: () => number) {
    this.#policy = policy;
    this.#nowMs = nowMs;
  }

  /** Nothing when too many wait already. */
  begin(account: string, address: string, clientId: string): Attempt | undefined {
    const { perAccount, stubborn, longestWaitMs } = this.#policy;
    const knownKey = JSON.stringify([account, address, clientId]);
    const known = this.#known.get(knownKey);
    const source =
      known ?? this.#take(this.#sources, JSON.stringify([account, address]), () => this.#newSource());
    const buckets = [source.bucket];
    if (!known) buckets.push(this.#take(this.#accounts, account, () => this.#newBucket(perAccount)));
    const now = this.#nowMs();
    const waitMs = Math.max(...buckets.map((bucket) => bucket.take(1, now)));
    if (waitMs > longestWaitMs) {
      for (const bucket of buckets) bucket.give(1);
      return undefined;
    }
    return {
      waitMs,
      succeeded: () => {
        for (const bucket of buckets) bucket.give(1);
        source.failures = 0;
        this.#take(this.#known, knownKey, () => this.#newSource());
      },
      failed: () => {
        source.failures++;
        if (source.failures > stubborn.after) source.bucket.take(stubborn.weight - 1, this.#nowMs());
      },
    };
  }

  #newSource(): Source {
    return { bucket: this.#newBucket(this.#policy.perSource), failures: 0 };
  }

  #newBucket({ burst, perSecond }: { burst: number; perSecond: number }): TokenBucket {
    return new TokenBucket(perSecond, burst, this.#nowMs());
  }

  /** The entry, made when it is missing; of too many the one that was not used for longest goes. */
  #take<T>(entries: Map<string, T>, key: string, make: () => T): T {
    const entry = entries.get(key) ?? make();
    entries.delete(key);
    entries.set(key, entry);
    const [oldest] = entries.keys();
    if (entries.size > this.#policy.remembered && oldest !== undefined) entries.delete(oldest);
    return entry;
  }
}
