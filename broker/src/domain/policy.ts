/** How fast secrets may be tried. */
export interface AttemptPolicy {
  /** Wrong secrets a second for one user name from one address, and for one user name from everywhere; a burst each. */
  readonly perSource: { readonly burst: number; readonly perSecond: number };
  readonly perAccount: { readonly burst: number; readonly perSecond: number };
  /** After so many wrong ones in a row from one address each counts `weight` times. */
  readonly stubborn: { readonly after: number; readonly weight: number };
  /** An attempt that would wait for longer is refused. */
  readonly longestWaitMs: number;
  /** User names, addresses and clients that are remembered, each. */
  readonly remembered: number;
}

export const attemptPolicy: AttemptPolicy = {
  perSource: { burst: 10, perSecond: 5 },
  perAccount: { burst: 50, perSecond: 20 },
  stubborn: { after: 200, weight: 5 },
  longestWaitMs: 10_000,
  remembered: 10_000,
};

/** How often a client id may change hands before two devices are assumed to share it. */
export interface TakeoverRule {
  readonly takeovers: number;
  readonly withinMs: number;
}

export const defaultTakeoverRule: TakeoverRule = { takeovers: 3, withinMs: 60_000 };

/** How many log lines of one kind are written. */
export interface LogQuotaRule {
  /** Lines of one kind per window. */
  readonly lines: number;
  readonly windowMs: number;
}

export const defaultLogQuota: LogQuotaRule = { lines: 10, windowMs: 10_000 };

export const claimCodePolicy = {
  /** Wrong secrets that one code bears; the 160 bits of a secret need no more protection, but guessing should be seen to end. */
  wrongSecrets: 10,
} as const;
