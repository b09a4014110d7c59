import type { RateLimit } from '../accounts/policy.ts';

/** Numbers of arming. Milliseconds, unless their name says otherwise. */
export const armingPolicy = {
  /** Events that are kept while an entry delay runs; each is of another device or kind. */
  heldAtMost: 20,
  /** How long a schedule that disarms waits after the end of an entry delay that runs. */
  afterEntryMs: 1_000,
  /** How far back what devices said last is looked for when an area is new. */
  lookBackDays: 31,
  stepsShown: 100,
  /** How often it is looked whether an area was not armed as it should have been. */
  watchEveryMs: 10_000,
  /** Wrong codes of one account for one area: so many at once, then one more each time. */
  codes: { burst: 5, refillMs: 60_000 } satisfies RateLimit,
  /** Whose wrong codes are remembered. */
  codeKeysAtMost: 10_000,
  /** Checks of codes that run and that wait: each costs a core and 19 MiB. */
  codeChecks: { atOnce: 1, waitingAtMost: 20 },
  /** Requests a minute of one address. */
  perMinute: { reading: 300, changing: 60 },
} as const;

/**
 * What begins the entry delay when a device on the way in notices it, as kinds of alerts; anything else that
 * it says while armed alarms at once.
 */
export const entryKinds: readonly string[] = [
  'watchpost.sensor.alarm.v1/door',
  'watchpost.sensor.alarm.v1/motion',
  'watchpost.zone.entered.v1',
  'watchpost.line.crossed.v1',
];
