import type { PassClaims } from './verdict.ts';

/** Uses of one pass so far. */
export interface Redemption {
  readonly jti: string;
  readonly iss: string;
  readonly uses: number;
  /** s since the epoch, as the claim. */
  readonly exp: number;
}

/** Result of redeeming. */
export type RedemptionResult =
  | { readonly outcome: 'redeemed'; readonly uses: number; readonly left: number }
  | { readonly outcome: 'rejected'; readonly reason: 'pass.used_up' };

/**
 * Counts uses of verified passes. One call decides and counts, so two scans in one process cannot both take the last use; store the entry before the gate opens, so
 * that a restart does not forget it. A pass that may be used at several gates needs one ledger for all of them.
 */
export class RedemptionLedger {
  readonly #uses = new Map<string, Redemption>();

  /** Continues from stored entries. */
  constructor(entries: Iterable<Redemption> = []) {
    for (const entry of entries) this.#uses.set(keyOf(entry), entry);
  }

  /** Only for claims of a pass that `verifyPass` accepted. */
  redeem(claims: Pick<PassClaims, 'iss' | 'jti' | 'exp' | 'maxUses'>): RedemptionResult {
    const { iss, jti, exp, maxUses } = claims;
    const before = this.#uses.get(keyOf(claims))?.uses ?? 0;
    if (before >= maxUses) return { outcome: 'rejected', reason: 'pass.used_up' };
    const uses = before + 1;
    this.#uses.set(keyOf(claims), { iss, jti, exp, uses });
    return { outcome: 'redeemed', uses, left: maxUses - uses };
  }

  /** Drops passes that have expired at `now` (ms) by more than a day; they cannot be accepted any more. */
  forgetExpired(now: number): void {
    for (const [key, { exp }] of this.#uses) if (now > (exp + 86_400) * 1000) this.#uses.delete(key);
  }

  /** For storage. */
  entries(): readonly Redemption[] {
    return [...this.#uses.values()];
  }
}

/** Two issuers may use the same number; names hold no space. */
const keyOf = ({ iss, jti }: Pick<PassClaims, 'iss' | 'jti'>) => `${iss} ${jti}`;
