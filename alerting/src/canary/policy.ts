/** What a site wants proven. */
export interface CanaryWishes {
  readonly on: boolean;
  readonly everyMs: number;
  readonly missed: number;
  /** Name of the secret with the address that is called while the chain is whole. */
  readonly heartbeat?: string | undefined;
}

/** Numbers of the proof that the chain is whole, milliseconds. How often and how many is up to the site. */
export const canaryPolicy = {
  /** Between two looks at what came through. */
  lookEveryMs: 10_000 as number,
  /** A look; the database has not answered after that. */
  answersWithinMs: 8_000 as number,
  /** So much later than expected counts as in time: a commit, a sender and a look take a while. */
  slackMs: 20_000 as number,
  /** Who looks for the first time after so long stood still meanwhile, and judges nothing by that. */
  stoodStillMs: 45_000 as number,
  /** Between two tries to tell somebody. */
  retryMs: 30_000 as number,
  /** Canaries that wait to come out; the oldest are given up. */
  waitingAtMost: 5_000 as number,
} as const;
