import type { IssuerKey, IssuerPublicKey, PassClaims, PassVerdict } from './verdict.ts';

/** What a gate knows when a pass is shown. */
export interface VerifyPassOptions {
  readonly keys: readonly IssuerPublicKey[];
  /** The gate or zone that asks. */
  readonly audience: string;
  /** ms since the epoch (the claims are in seconds). */
  readonly now: number;
  /** Revoked `jti`s. */
  readonly revoked?: ReadonlySet<string>;
  /** Tolerance for clocks, ms, default 0. */
  readonly clockSkewMs?: number;
}

/**
 * `WP1:` + Base45(COSE_Sign1(CWT)), EdDSA, deterministic CBOR (RFC 9285, 9052, 8392).
 * @throws WatchpostError `pass.malformed` when the claims cannot be a pass
 */
export function issuePass(_claims: PassClaims, _key: IssuerKey): string {
  throw new Error('being written');
}

/** Offline check. Never throws, whatever the text. The signature is checked before any claim is looked at. */
export function verifyPass(_text: string, _options: VerifyPassOptions): PassVerdict {
  throw new Error('being written');
}
