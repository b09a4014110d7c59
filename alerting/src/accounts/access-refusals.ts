import type { AuditSubject, Session } from '@watchpost/contracts/api';
import type { Logger } from 'pino';
import { append } from '../governance/audit-log.ts';
import type { Queryable } from '../store/schema.ts';
import { refusalPolicy } from './policy.ts';
import { TokenBuckets } from './token-buckets.ts';

/** What {@link AccessRefusals} needs. */
export interface RefusalOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly logger?: Pick<Logger, 'error'> | undefined;
}

/** What somebody asked for and did not get. */
export interface Refused {
  readonly method: string;
  /** The pattern of the address, not the address. */
  readonly route: string;
  /** What exists and is beyond the scope; null where the right is missing. */
  readonly subject: AuditSubject | null;
}

/**
 * Writes into the audit log what people with a session tried beyond their rights. Who tries again and again
 * does not fill the log: beyond {@link refusalPolicy} refusals are counted, and the next entry says how many.
 */
export class AccessRefusals {
  readonly #options: RefusalOptions;
  readonly #buckets = new TokenBuckets(refusalPolicy.perAccount, refusalPolicy.accountsAtMost);
  readonly #leftOut = new Map<string, number>();

  constructor(options: RefusalOptions) {
    this.#options = options;
  }

  /** The answer is the same when the log cannot be written: it says no in either case. */
  async note({ account, user }: Session, { method, route, subject }: Refused): Promise<void> {
    const { db, nowMs, logger } = this.#options;
    const atMs = performance.now();
    if (this.#buckets.waitMs(account, atMs) > 0) {
      this.#leftOut.set(account, (this.#leftOut.get(account) ?? 0) + 1);
      return;
    }
    this.#buckets.take(account, atMs);
    const leftOut = this.#leftOut.get(account) ?? 0;
    this.#leftOut.delete(account);
    try {
      await append(db, {
        at: new Date(nowMs()).toISOString(),
        actor: { account, name: user },
        site: null,
        action: 'access_refused',
        subject,
        reason: null,
        outcome: 'refused',
        details: { method, route, ...(leftOut > 0 ? { alsoRefused: leftOut } : {}) },
      });
    } catch (err) {
      logger?.error({ err }, 'a refusal could not be written into the audit log');
    }
  }
}
