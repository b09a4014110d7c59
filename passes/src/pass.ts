import { decodeBase45, encodeBase45 } from './base45.ts';
import { decodeClaims, encodeClaims } from './claims.ts';
import { decodeSign1, encodeSign1, protectedHeaderOf, signatureInput } from './cose-sign1.ts';
import { decodePresentation, isFreshProof, presentedPrefix } from './holder-proof.ts';
import { keyFor, signWith, verifyWith } from './issuer-key.ts';
import type { IssuerKey, IssuerPublicKey, PassClaims, PassVerdict } from './verdict.ts';

const prefix = 'WP1:';
/** Longer texts are not looked at; the longest possible pass is shorter. */
const maxText = 4096;

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
 * `WP1:` + Base45(COSE_Sign1(CWT)), EdDSA, deterministic CBOR (RFC 9285, 9052, 8392): equal claims and key
 * give equal texts.
 * @throws WatchpostError `pass.malformed` when the claims cannot be a pass
 */
export function issuePass(claims: PassClaims, key: IssuerKey): string {
  const payload = encodeClaims(claims);
  const protectedHeader = protectedHeaderOf(key.kid);
  const signature = signWith(key, signatureInput(protectedHeader, payload));
  return prefix + encodeBase45(encodeSign1({ protectedHeader, payload, signature }));
}

/**
 * Offline check. Never throws, whatever the text. The signature is checked before any claim is looked at. A
 * pass with a holder key (`cnf`) is accepted only as `presentPass` shows it, otherwise `pass.signature`. Uses
 * are not counted here: see `RedemptionLedger`.
 */
export function verifyPass(text: string, options: VerifyPassOptions): PassVerdict {
  const presented =
    text.length <= maxText && text.startsWith(presentedPrefix) ? decodePresentation(text) : null;
  const bytes = presented?.pass ?? passBytes(text);
  const sign1 = bytes && decodeSign1(bytes);
  if (!sign1) return { outcome: 'rejected', reason: 'pass.malformed' };
  const { kid } = sign1;
  const key = keyFor(kid, options.keys, options.now);
  if (!key) return { outcome: 'rejected', reason: 'pass.unknown_key', kid };
  if (!verifyWith(key, signatureInput(sign1.protectedHeader, sign1.payload), sign1.signature)) {
    return { outcome: 'rejected', reason: 'pass.signature', kid };
  }
  const claims = decodeClaims(sign1.payload);
  if (!claims) return { outcome: 'rejected', reason: 'pass.malformed', kid };
  if (claims.cnf && !(presented && isFreshProof(presented, claims.cnf, options.now))) {
    return { outcome: 'rejected', reason: 'pass.signature', kid, claims };
  }
  const reason = refusal(claims, key, options);
  if (reason) return { outcome: 'rejected', reason, kid, claims };
  return {
    outcome: 'accepted',
    kid,
    claims,
    ...(claims.cnf && presented ? { proof: presented.window } : {}),
  };
}

function passBytes(text: string): Uint8Array | null {
  return text.startsWith(prefix) && text.length <= maxText ? decodeBase45(text.slice(prefix.length)) : null;
}

function refusal(claims: PassClaims, key: IssuerPublicKey, options: VerifyPassOptions) {
  const { audience, now, revoked, clockSkewMs = 0 } = options;
  if (key.iss !== undefined && key.iss !== claims.iss) return 'pass.unknown_key';
  if (revoked?.has(claims.jti)) return 'pass.revoked';
  // Written so that a clock that is NaN refuses.
  if (!(now + clockSkewMs >= claims.nbf * 1000)) return 'pass.not_yet_valid';
  if (!(now - clockSkewMs < claims.exp * 1000)) return 'pass.expired';
  return claims.aud.includes(audience) ? null : 'pass.wrong_audience';
}
