import { WatchpostError } from '@watchpost/contracts/errors';
import type { LoginPolicy } from './policy.ts';
import { TokenBuckets } from './token-buckets.ts';

/** Who tries to log in. */
export interface LoginTry {
  readonly account: string;
  /** `addressGroup` of the address that the request came from. */
  readonly group: string;
  /** Id of a browser that succeeded on this account before. */
  readonly device?: string | undefined;
}

/** A try that may have its password checked. Settle it exactly once. */
export interface AdmittedTry {
  readonly lane: 'known' | 'new';
  /** For the queue: how many tries failed from there; the fewest come first. */
  readonly failures: number;
  /** `unchecked`: the password was not looked at, so nothing was learnt by trying. */
  settle(outcome: 'right' | 'wrong' | 'unchecked'): void;
}

/** Why a try is not admitted now, for the count. */
type Limit = 'device' | 'account' | 'address';

/**
 * Who may have a password checked, and how often. A try takes from its allowances before the check, so that
 * tries in parallel count too, and gets them back when it was right. Tries of a kind that others are ahead of
 * wait for their outcome rather than be refused: ten tabs of the rightful user all get in.
 */
export class LoginLimits {
  readonly #policy: LoginPolicy;
  readonly #nowMs: () => number;
  readonly #byAccountAndGroup: TokenBuckets;
  readonly #byAccount: TokenBuckets;
  readonly #firstTries: TokenBuckets;
  readonly #byGroup: TokenBuckets;
  readonly #byDevice: TokenBuckets;
  /** Tries in flight and those that wait for their outcome, by account and group or device. */
  readonly #inFlight = new Map<string, { running: number; waiting: (() => void)[] }>();
  #lastLimitedMs = Number.NEGATIVE_INFINITY;

  /** `nowMs` is monotonic: a clock that is set must lock nobody out. */
  constructor(policy: LoginPolicy, nowMs: () => number) {
    this.#policy = policy;
    this.#nowMs = nowMs;
    this.#byAccountAndGroup = new TokenBuckets(policy.perAccountAndGroup, policy.keysAtMost);
    this.#byAccount = new TokenBuckets(policy.perAccount, policy.keysAtMost);
    this.#firstTries = new TokenBuckets(policy.perAccountFirstTries, policy.keysAtMost);
    this.#byGroup = new TokenBuckets(policy.perGroup, policy.keysAtMost);
    this.#byDevice = new TokenBuckets(policy.perDevice, policy.keysAtMost);
  }

  /** Milliseconds since an account had used up what it may be tried from everywhere; infinite if never. */
  get sinceAttackMs(): number {
    return this.#nowMs() - this.#lastLimitedMs;
  }

  /**
   * Waits for its turn and takes from its buckets.
   * @throws WatchpostError `api.login_slowed` with `retryAfterSeconds`, `api.login_busy` when too many wait
   *   already.
   */
  async admit(attempt: LoginTry): Promise<AdmittedTry> {
    const known = attempt.device !== undefined && this.#deviceMayTry(attempt.device);
    const key = known ? `device ${attempt.device}` : pairOf(attempt);
    for (;;) {
      const refused = known ? this.#refuseDevice(attempt) : this.#refuseStranger(attempt);
      if (!refused) return this.#take(attempt, key, known);
      const ahead = this.#inFlight.get(key);
      if (!ahead || ahead.running === 0) throw slowed(refused.limit, refused.waitMs);
      if (ahead.waiting.length >= this.#policy.heldBackAtMost) throw new WatchpostError('api.login_busy');
      await new Promise<void>((resolve) => ahead.waiting.push(resolve));
    }
  }

  #deviceMayTry(device: string): boolean {
    return this.#inFlight.has(`device ${device}`) || this.#byDevice.waitMs(device, this.#nowMs()) === 0;
  }

  #refuseDevice({ device = '' }: LoginTry): { limit: Limit; waitMs: number } | undefined {
    const waitMs = this.#byDevice.waitMs(device, this.#nowMs());
    return waitMs > 0 ? { limit: 'device', waitMs } : undefined;
  }

  #refuseStranger(attempt: LoginTry): { limit: Limit; waitMs: number } | undefined {
    const nowMs = this.#nowMs();
    const { account, group } = attempt;
    const groupMs = this.#byGroup.waitMs(group, nowMs);
    if (groupMs > 0) return { limit: 'address', waitMs: groupMs };
    const pairMs = this.#byAccountAndGroup.waitMs(pairOf(attempt), nowMs);
    if (pairMs > 0) return { limit: 'account', waitMs: pairMs };
    const accountMs = this.#byAccount.waitMs(account, nowMs);
    if (accountMs === 0) return undefined;
    this.#lastLimitedMs = nowMs;
    const firstMs = this.#isFirst(attempt, nowMs) ? this.#firstTries.waitMs(account, nowMs) : accountMs;
    return firstMs > 0 ? { limit: 'account', waitMs: firstMs } : undefined;
  }

  #isFirst(attempt: LoginTry, nowMs: number): boolean {
    return this.#byAccountAndGroup.used(pairOf(attempt), nowMs) === 0;
  }

  #take(attempt: LoginTry, key: string, known: boolean): AdmittedTry {
    const nowMs = this.#nowMs();
    const { account, group, device = '' } = attempt;
    const pair = pairOf(attempt);
    const failures = known ? 0 : this.#byGroup.used(group, nowMs);
    const byAccount = this.#byAccount.waitMs(account, nowMs) === 0 ? this.#byAccount : this.#firstTries;
    const taken: readonly [TokenBuckets, string][] = known
      ? [[this.#byDevice, device]]
      : [
          [this.#byAccountAndGroup, pair],
          [byAccount, account],
          [this.#byGroup, group],
        ];
    for (const [buckets, name] of taken) buckets.take(name, nowMs);
    const entry = this.#inFlight.get(key) ?? { running: 0, waiting: [] };
    entry.running++;
    this.#inFlight.set(key, entry);
    return {
      lane: known ? 'known' : 'new',
      failures,
      settle: (outcome) => {
        if (outcome !== 'wrong') for (const [buckets, name] of taken) buckets.giveBack(name, this.#nowMs());
        // Whoever knows the password may mistype it again; what others failed stays counted.
        if (outcome === 'right')
          (known ? this.#byDevice : this.#byAccountAndGroup).clear(known ? device : pair);
        entry.running--;
        if (entry.running === 0) this.#inFlight.delete(key);
        for (const go of entry.waiting.splice(0)) go();
      },
    };
  }
}

const pairOf = ({ account, group }: LoginTry): string => `${group} ${account}`;

function slowed(limit: Limit, waitMs: number): WatchpostError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new WatchpostError('api.login_slowed', { details: { limit, retryAfterSeconds } });
}
