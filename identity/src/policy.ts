import type { TokenKind } from './tokens/token-claims.ts';

const hourS = 3_600;
const dayS = 24 * hourS;

/** Certificates; milliseconds. */
export const certificatePolicy = {
  /** Life of a site’s authority. */
  authorityLifeMs: 3650 * dayS * 1000,
  /**
   * Certificates are good from a little before they are made, because gateways’ clocks differ: this long, …
   */
  backdatedMs: 5 * 60_000,
  /** … of a short life less: one part in so many. */
  backdatedOneIn: 20,
} as const;

/** Longest life of a token in seconds when the configuration says nothing. */
export const standardLifeSeconds: Readonly<Record<TokenKind, number>> = {
  gateway: hourS,
  alerting: 30 * dayS,
  integrator: 30 * dayS,
  officer: 12 * hourS,
};

/** The configuration may allow tokens no longer life, seconds. */
export const longestLifeSeconds = 366 * dayS;

/** Larger tokens are refused before anything is decoded. */
export const maxTokenBytes = 4096;

/** The revocation file. */
export const revocationPolicy = {
  /** Larger files are damaged. */
  maxBytes: 32 * 1024 * 1024,
  /** How often it is looked at, milliseconds. */
  pollMs: 2000,
} as const;
