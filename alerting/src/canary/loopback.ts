import { noteTold, takeCanaries } from '../store/canary-store.ts';
import type { Queryable } from '../store/schema.ts';
import { canaryPolicy } from './policy.ts';

/** What goes with the notices of an outbox and is told to nobody. */
export interface Loopback {
  /** Takes what waits, in the transaction in which notices are taken. */
  take(tx: Queryable): Promise<readonly string[]>;
  /** Tells the service itself, which writes it down. */
  send(ids: readonly string[]): Promise<void>;
}

/**
 * The receiver inside: canaries that were committed are taken from the database by whoever sends notices, in
 * the same transaction, and it writes down that they came. What is forgotten by a restart is followed by the
 * next one.
 */
export class CanaryLoopback implements Loopback {
  readonly #db: Queryable;
  readonly #waiting = new Set<string>();

  constructor(db: Queryable) {
    this.#db = db;
  }

  /** These were committed here. */
  put(ids: readonly string[]): void {
    for (const id of ids) this.#waiting.add(id);
    for (const id of this.#waiting) {
      if (this.#waiting.size <= canaryPolicy.waitingAtMost) break;
      this.#waiting.delete(id);
    }
  }

  take(tx: Queryable): Promise<readonly string[]> {
    return this.#waiting.size === 0 ? Promise.resolve([]) : takeCanaries(tx, [...this.#waiting]);
  }

  async send(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await noteTold(this.#db, ids);
    for (const id of ids) this.#waiting.delete(id);
  }
}
