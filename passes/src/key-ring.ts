import { generateIssuerKey, publicPart } from './issuer-key.ts';
import type { IssuerKey, IssuerPublicKey } from './verdict.ts';

/** The key that signs, and those that still verify. Gates get `gateKeys` of it. */
export interface KeyRing {
  readonly current: IssuerKey;
  readonly retired: readonly IssuerPublicKey[];
}

/** A ring with one fresh key. */
export function createKeyRing(options: { readonly iss?: string } = {}): KeyRing {
  return { current: generateIssuerKey(options), retired: [] };
}

/**
 * A ring with a fresh signing key. The old one verifies until `now + overlapMs`: choose the longest life of a
 * pass. Retired keys whose time is over are dropped.
 */
export function rotateKeys({ current, retired }: KeyRing, now: number, overlapMs: number): KeyRing {
  const last: IssuerPublicKey = { ...publicPart(current), validUntil: now + overlapMs };
  const still = retired.filter(({ validUntil = Number.POSITIVE_INFINITY }) => validUntil > now);
  return {
    current: generateIssuerKey(current.iss === undefined ? {} : { iss: current.iss }),
    retired: [last, ...still],
  };
}

/** Takes the signing key out at once, for a key that may have leaked: nothing it signed verifies any more. */
export function revokeKey({ current, retired }: KeyRing): KeyRing {
  return { current: generateIssuerKey(current.iss === undefined ? {} : { iss: current.iss }), retired };
}

/** Public keys for gates, the signing one first. */
export function gateKeys({ current, retired }: KeyRing): readonly IssuerPublicKey[] {
  return [publicPart(current), ...retired];
}
