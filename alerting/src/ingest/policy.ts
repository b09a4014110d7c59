import type { EventType } from '@watchpost/contracts/wire';

/** What a site says of late events. Milliseconds. */
export interface LatenessLimits {
  /** An event older than this when it arrives fills history and maps, and pages nobody. */
  readonly lateAfterMs: number;
  /** A danger to life pages up to this age all the same, and says how late it is. */
  readonly lifeSafetyLateMs: number;
}

/** How clocks are judged. Milliseconds. */
export const timePolicy = {
  /**
   * A gateway whose clock is off by more than this is shown as such, and the events of one that does not
   * correct them are corrected.
   */
  clockWrongAboveMs: 5_000,
  /**
   * After the server's own clock was set, every gateway has heard the new time within this: it says how it is
   * every 30 s and is answered.
   */
  stepHeardWithinMs: 2 * 60_000,
  /** Two states of an older gateway tell its offset only when they were made this far apart. */
  samplesApartMs: 10_000,
} as const;

/**
 * Kinds of events that say a life may be in danger, by type; `all`, or the values of `data.kind` or
 * `data.category`.
 */
export const lifeSafetyEvents: Readonly<Partial<Record<EventType, 'all' | readonly string[]>>> = {
  'watchpost.panic.pressed.v1': 'all',
  'watchpost.sensor.alarm.v1': ['smoke', 'gas', 'glass_break'],
  'watchpost.report.received.v1': ['fire', 'medical', 'violence'],
};

/** Commits: how much at once, and when a batch that cannot be committed is given up. */
export const commitPolicy = {
  /** Rows of one commit, about; an event that comes in a message of its own counts as two. */
  rows: 1_000,
  /** Where the database has one connection, and whoever asks waits for the commit that runs. */
  rowsOnOneConnection: 200,
  /** Rows that wait at most before the broker is held back. */
  waitingRows: 20_000,
  /** Rows of telemetry that wait at most: measurements are given up, and hold nobody back. */
  waitingTelemetryRows: 4_000,
  /**
   * Rows of telemetry that an event’s commit carries beside it: little, because the alert waits for the
   * commit.
   */
  telemetryRows: 100,
  /** Waits between attempts while the database is away; doubles up to the largest. Milliseconds. */
  retryMs: { first: 200, largest: 5_000 },
  /**
   * Attempts in a row after which a batch is set aside, when the database answers and names no fault of its
   * own.
   */
  deadLetterAfterAttempts: 4,
} as const;

/** The way in. */
export const ingestPolicy = {
  /** Names that no gateway of the site has and that are listened to, where several services share it. */
  strangersAtMost: 100,
  /** How often backlogs and our own clock are looked at, milliseconds. */
  roundMs: 250,
  /** Epochs whose watermark is remembered; that of another is read from the store. */
  rememberedEpochs: 5_000,
  /** Most earlier events that are looked at for corroboration. */
  corroborationRows: 500,
} as const;
