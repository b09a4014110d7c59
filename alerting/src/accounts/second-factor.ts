import type { FactorKind, PasskeyOptions, SecondStepRequest } from '@watchpost/contracts/api';
import type { Account } from '../store/account-store.ts';
import type { StoredFactor } from '../store/factor-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { RelyingParty } from './passkeys/relying-party.ts';

/** Whose log-in has a second step. */
export type FactorOwner = Pick<Account, 'id' | 'name'>;

/** What a kind of second factor offers to somebody whose password was right. */
export interface Offer {
  /** What the browser needs for it, e.g. a challenge. Goes to the person. */
  readonly shown?: PasskeyOptions;
  /** What {@link SecondFactor.verify} needs of it again; stays here. */
  readonly kept?: unknown;
}

/**
 * A kind of second factor: time-based codes, passkeys, recovery codes; another kind registers one more of
 * these (`SecondSteps`).
 */
export interface SecondFactor<K extends FactorKind = FactorKind> {
  readonly kind: K;
  /**
   * What the account may use of this kind; undefined: nothing. `factors`: those that are set up. `rp`: the
   * page at which the person is, where passkeys can be used there.
   */
  offer(
    db: Queryable,
    owner: FactorOwner,
    factors: readonly StoredFactor[],
    rp: RelyingParty | undefined,
  ): Promise<Offer | undefined>;
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
