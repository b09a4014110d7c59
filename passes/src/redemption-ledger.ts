import type { PassClaims } from './verdict.ts';

/** Uses of one pass so far. */
export interface Redemption {
  readonly jti: string;
  readonly iss: string;
  readonly uses: number;
  /** s since the epoch, as the claim. */
  readonly exp: number;
  /** The last half minute whose proof was taken, see `PassVerdict`. */
  readonly proof?: number;
}

/** Result of redeeming. */
export type RedemptionResult =
  | { readonly outcome: 'redeemed'; readonly uses: number; readonly left: number }
  | { readonly outcome: 'rejected'; readonly reason: 'pass.used_up' | 'pass.replayed' };

/** What of an accepted pass is counted. */
export type Redeemable = Pick<PassClaims, 'iss' | 'jti' | 'exp' | 'maxUses'>;

/**
 * The decision alone: whether a pass that was used `before` may be used once more. A proof of a half minute
 * that was taken already, or of an earlier one, is a copy of what somebody else showed.
 */
export function decideRedemption(
  before: Pick<Redemption, 'uses' | 'proof'> | undefined,
  { maxUses }: Pick<Redeemable, 'maxUses'>,
  proof: number | undefined,
): RedemptionResult {
  const used = before?.uses ?? 0;
  if (proof !== undefined && before?.proof !== undefined && proof <= before.proof) {
    return { outcome: 'rejected', reason: 'pass.replayed' };
  }
  if (used >= maxUses) return { outcome: 'rejected', reason: 'pass.used_up' };
  return { outcome: 'redeemed', uses: used + 1, left: maxUses - used - 1 };
}

/**
 * Counts uses of verified passes in memory. One call decides and counts, so two scans in one process cannot
 * both take the last use; store the entry before the gate opens, so that a restart does not forget it (the
 * edge agent's ledger does). A pass that may be used at several gates needs one ledger for all of them.
 */
export class RedemptionLedger {
  readonly #uses = new Map<string, Redemption>();

  /** Continues from stored entries. */
  constructor(entries: Iterable<Redemption> = []) {
    for (const entry of entries) this.#uses.set(keyOf(entry), entry);
  }

  /** Only for claims (and the proof) of a pass that `verifyPass` accepted. */
  redeem(claims: Redeemable, proof?: number): RedemptionResult {
    const { iss, jti, exp } = claims;
    const result = decideRedemption(this.#uses.get(keyOf(claims)), claims, proof);
    if (result.outcome === 'redeemed') {
      this.#uses.set(keyOf(claims), {
        iss,
        jti,
        exp,
        uses: result.uses,
        ...(proof === undefined ? {} : { proof }),
      });
    }
    return result;
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
