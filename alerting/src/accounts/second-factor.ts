import type { FactorKind, SecondStepRequest } from '@watchpost/contracts/api';
import type { Account } from '../store/account-store.ts';
import type { StoredFactor } from '../store/factor-store.ts';
import type { Queryable } from '../store/schema.ts';

/** Whose log-in has a second step. */
export type FactorOwner = Pick<Account, 'id' | 'name'>;

/** What a kind of second factor offers to somebody whose password was right. */
export interface Offer {
  /** What the browser needs for it, e.g. a challenge. Goes to the person. */
  readonly shown?: Readonly<Record<string, unknown>>;
  /** What {@link SecondFactor.verify} needs of it again; stays here. */
  readonly kept?: unknown;
}

/**
 * A kind of second factor. Time-based codes and recovery codes are here; another kind registers one more of
 * these (`SecondFactors`).
 */
export interface SecondFactor<K extends FactorKind = FactorKind> {
  readonly kind: K;
  /** What the account may use of this kind; undefined: nothing. `factors`: those that are set up. */
  offer(db: Queryable, owner: FactorOwner, factors: readonly StoredFactor[]): Promise<Offer | undefined>;
  /**
   * Whether the proof is right. It counts once: what it rests on is used up in `tx`, so that of two who show
   * it at once one gets in.
   */
  verify(
    tx: Queryable,
    owner: FactorOwner,
    proof: Extract<SecondStepRequest, { kind: K }>,
    kept: unknown,
  ): Promise<boolean>;
}
