/** Numbers of the commands that somebody may want to change; milliseconds unless a name says otherwise. */
export const commandPolicy = {
  /** Longer than any command takes to stop when whoever started it is gone. */
  endAfterMs: 10_000,
  /** Longer than any pass; what comes after is not read. */
  passInputBytes: 8_192,
  /** Largest file of revoked passes: 10,000 names of 64 characters in Base45. */
  revocationFileBytes: 2_000_000,
  /** The metrics of a broker must be answered within this. */
  metricsMs: 5_000,
} as const;

/** The certificates that a running server makes for itself. */
export const ownCertificatePolicy = {
  /** How often it is looked whether one is due. */
  lookEveryMs: 6 * 3_600_000,
  /** Of the certificate that gateways see, days; browsers’: `webCertificatePolicy` of identity. */
  lifeDays: 397,
  renewDays: 60,
} as const;

/** Gateways that a server runs itself are claimed at its own door. */
export const localClaimPolicy = {
  /** How often it is looked whether one needs a certificate, milliseconds. */
  lookEveryMs: 60_000,
  /** The code is used at once. */
  codeLifeMs: 600_000,
} as const;

/** What the demo does beside its start. */
export const demoSetUpPolicy = {
  /** The API must answer within this: a photo is looked at, with the start of the process that does. */
  answerMs: 180_000,
  /** Its two people are enrolled one after the other, then seldom anybody: the process ends soon. */
  enrolmentIdleMs: 10_000,
  /** Pauses after failures: the first, doubling to the longest, for ever. */
  retry: { firstMs: 1_000, maxMs: 60_000 },
} as const;

/** Files of a running server. */
export const applyPolicy = {
  /** How often they are looked at; a change counts once two looks in a row found the same. Milliseconds. */
  lookEveryMs: 1_000,
} as const;

/** The services that `watchpost start` runs. */
export const startPolicy = {
  /** Everything is gone after this; what has not stopped by itself is killed. */
  stopWithinMs: 4_000,
  /** Long enough for a migration of a large database on a slow machine. */
  readyWithinMs: 600_000,
  /** Pauses before a service that died is started again: the first, doubling to the longest. */
  restart: { firstMs: 250, longestMs: 15_000 },
} as const;

/** What `watchpost init` takes where nobody says otherwise. */
export const initPolicy = { site: 'main', consolePort: 8443, serviceUser: 'watchpost' } as const;
