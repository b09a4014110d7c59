import type { Queryable } from '../../store/schema.ts';
import { forgetServerKeys, serverKey } from '../../store/server-key.ts';
import { acknowledgeLinkPolicy } from '../policy.ts';

const prefix = 'acknowledge-link-';
const nameOf = (period: number): string => `${prefix}${period}`;

/**
 * The keys that sign links, in the database, so that every process of a server has them. One signs for a
 * period and is good for the next one still, which is longer than a link is; then it is erased.
 */
export class LinkKeys {
  readonly #db: Queryable;
  readonly #nowMs: () => number;
  readonly #known = new Map<number, Promise<Buffer>>();

  constructor(db: Queryable, nowMs: () => number) {
    this.#db = db;
    this.#nowMs = nowMs;
  }

  /** The one that signs now, with its period. */
  async current(): Promise<{ readonly period: number; readonly key: Buffer }> {
    const period = this.#period();
    return { period, key: await this.#key(period) };
  }

  /** The key of a period, while it is good. */
  async find(period: number): Promise<Buffer | undefined> {
    const now = this.#period();
    const whole = [now, now - 1].find((one) => (one & 0xffff) === period);
    return whole === undefined ? undefined : this.#key(whole);
  }

  #period(): number {
    return Math.floor(this.#nowMs() / acknowledgeLinkPolicy.keyPeriodMs);
  }

  #key(period: number): Promise<Buffer> {
    const known = this.#known.get(period);
    if (known) return known;
    if (this.#known.size > 1) this.#known.clear();
    const made = this.#make(period);
    this.#known.set(period, made);
    made.catch(() => this.#known.delete(period));
    return made;
  }

  async #make(period: number): Promise<Buffer> {
    const good = [period - 1, period, period + 1].map(nameOf);
    await forgetServerKeys(this.#db, prefix, good);
    return serverKey(this.#db, nameOf(period));
  }
}
