import { type BusEntry, isBefore, parseBusEntry } from './bus-entry.ts';
import { redisPolicy } from './policy.ts';
import type { RedisLink } from './redis-link.ts';

export interface BusFollower {
  /**
   * Called for one entry after the other, in the order of the bus; the next batch waits for all of this one.
   */
  apply(entry: BusEntry): Promise<void> | undefined;
  /** Entries were cut off before this node had read them. */
  missed(): void;
}

/** Follows the bus from a given entry for as long as Redis is there. */
export class BusReader {
  readonly #link: RedisLink;
  readonly #follower: BusFollower;
  readonly #waiting: { readonly id: string; resolve(): void; reject(error: Error): void }[] = [];
  #applied = '0-0';
  /** Counts runs: an older one ends when a newer one begins. */
  #run = 0;

  constructor(link: RedisLink, follower: BusFollower) {
    this.#link = link;
    this.#follower = follower;
  }

  /** The last entry that was applied. */
  get applied(): string {
    return this.#applied;
  }

  follow(from: string): void {
    this.#applied = from;
    this.#run++;
    void this.#read(this.#run);
  }

  stop(error: Error): void {
    this.#run++;
    for (const each of this.#waiting.splice(0)) each.reject(error);
  }

  /** Resolves when this entry and all before it have been applied. */
  reached(id: string): Promise<void> {
    if (!isBefore(this.#applied, id)) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ id, resolve, reject }));
  }

  async #read(run: number): Promise<void> {
    try {
      while (run === this.#run) {
        const answer = (await this.#link.readBus(this.#applied, redisPolicy.busBatch)) as
          | [Buffer, [Buffer, Buffer[]][]][]
          | null;
        if (run !== this.#run) return;
        const entries = answer?.[0]?.[1] ?? [];
        if (entries.length === redisPolicy.busBatch && (await this.#wasCutOff())) {
          this.#follower.missed();
          return;
        }
        const handled = entries.map((raw) => {
          const entry = parseBusEntry(raw);
          const done = this.#follower.apply(entry);
          this.#applied = entry.id;
          return done;
        });
        this.#wake();
        await Promise.all(handled);
      }
    } catch {
      // the link is down and says so itself; it is followed again when it is back
    }
  }

  /** A node that is far behind: the entry that it read last must still be there, or others may be missing. */
  async #wasCutOff(): Promise<boolean> {
    if (this.#applied === '0-0') return false;
    const found = (await this.#link.command('XRANGE', 'bus', this.#applied, this.#applied)) as unknown[];
    return found.length === 0;
  }

  #wake(): void {
    for (const each of this.#waiting.splice(0)) {
      if (isBefore(this.#applied, each.id)) this.#waiting.push(each);
      else each.resolve();
    }
  }
}
