import { createHash, randomBytes } from 'node:crypto';
import type { FactorKind, SecondStep, SecondStepRequest } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { Account } from '../store/account-store.ts';
import { factorsOf } from '../store/factor-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { RelyingParty } from './passkeys/relying-party.ts';
import { secondStepPolicy } from './policy.ts';
import type { Offer, SecondFactor } from './second-factor.ts';

interface Waiting {
  readonly account: Account;
  readonly offers: ReadonlyMap<FactorKind, Offer>;
  readonly endsMs: number;
  tries: number;
}

const digest = (token: string): string => createHash('sha256').update(token).digest('base64url');

/**
 * Log-ins whose password was right and whose second factor is not shown yet. Such a half session is kept in
 * memory, for minutes and a few tries, and opens nothing.
 */
export class SecondSteps {
  readonly #db: Queryable;
  readonly #kinds: readonly SecondFactor[];
  readonly #nowMs: () => number;
  readonly #monotonicMs: () => number;
  readonly #waiting = new Map<string, Waiting>();

  constructor(
    db: Queryable,
    kinds: readonly SecondFactor[],
    nowMs: () => number,
    monotonicMs: () => number = () => performance.now(),
  ) {
    this.#db = db;
    this.#kinds = kinds;
    this.#nowMs = nowMs;
    this.#monotonicMs = monotonicMs;
  }

  /** What is wanted of somebody besides the password; undefined: nothing. */
  async begin(
    account: Account,
    rp?: RelyingParty,
  ): Promise<{ readonly token: string; readonly step: SecondStep } | undefined> {
    const factors = await factorsOf(this.#db, account.id);
    if (factors.length === 0) return undefined;
    const offers = new Map<FactorKind, Offer>();
    for (const one of this.#kinds) {
      const offer = await one.offer(this.#db, account, factors, rp);
      if (offer) offers.set(one.kind, offer);
    }
    const token = randomBytes(32).toString('base64url');
    const endsMs = this.#monotonicMs() + secondStepPolicy.lifeMs;
    this.#waiting.set(digest(token), { account, offers, endsMs, tries: 0 });
    for (const [oldest, { endsMs: ends }] of this.#waiting) {
      if (this.#waiting.size <= secondStepPolicy.waitingAtMost && ends > this.#monotonicMs()) break;
      this.#waiting.delete(oldest);
    }
    const expires = new Date(this.#nowMs() + secondStepPolicy.lifeMs).toISOString();
    const passkey = offers.get('passkey')?.shown;
    // A kind that this version does not know still has to be shown: nobody gets in by it.
    const secondFactor: FactorKind[] = offers.size > 0 ? [...offers.keys()] : ['recovery'];
    return { token, step: { secondFactor, expires, ...(passkey ? { passkey: { ...passkey } } : {}) } };
  }

  /** Whose second step it is. @throws WatchpostError `account.factor_step_ended` */
  accountOf(token: string | undefined): Account {
    const found = this.#waiting.get(digest(token ?? ''));
    if (!found || found.endsMs <= this.#monotonicMs() || found.tries >= secondStepPolicy.triesAtMost) {
      this.#waiting.delete(digest(token ?? ''));
      throw new WatchpostError('account.factor_step_ended');
    }
    return found.account;
  }

  /**
   * Checks a proof, and ends the step when it is right.
   * @throws WatchpostError `account.factor_step_ended`, `account.factor_wrong`
   */
  async prove(token: string, proof: SecondStepRequest): Promise<Account> {
    const account = this.accountOf(token);
    const waiting = this.#waiting.get(digest(token));
    const factor = this.#kinds.find(({ kind }) => kind === proof.kind);
    // Before the check, so that tries at once count too.
    if (waiting) waiting.tries++;
    const offer = waiting?.offers.get(proof.kind);
    const isRight =
      factor !== undefined &&
      offer !== undefined &&
      (await this.#db.transaction().execute((tx) => factor.verify(tx, account, proof as never, offer.kept)));
    if (!isRight) throw new WatchpostError('account.factor_wrong', { path: '/code' });
    this.#waiting.delete(digest(token));
    return account;
  }
}
