/** How fast secrets may be tried. */
export interface AttemptPolicy {
  /**
   * Wrong secrets a second for one user name from one address, and for one user name from everywhere; a burst
   * each.
   */
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

/** How soon it is noticed that a credential is no longer good; milliseconds. */
export const standingPolicy = {
  /** How late an expired or revoked client may be closed. */
  everyMs: 1000,
} as const;
