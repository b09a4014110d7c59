/**
 * Claims of a visitor pass (design §7): no name, no id number. Times are **seconds** since the epoch, as in
 * RFC 8392.
 */
export interface PassClaims {
  /** Issuer, 1–64 characters. */
  readonly iss: string;
  /** Unique id of the pass, 1–64 characters; what revocation and redemption name. */
  readonly jti: string;
  /** Gates or zones where the pass is good; at least one. */
  readonly aud: readonly string[];
  /** Standard address code of the unit that is visited. */
  readonly addr?: string;
  /** Not valid before, s. */
  readonly nbf: number;
  /** Not valid at and after, s. */
  readonly exp: number;
  /** How often it may be redeemed, 1–1000. */
  readonly maxUses: number;
  /** Raw Ed25519 public key (32 bytes) of the holder's phone; left out on paper passes. */
  readonly cnf?: Uint8Array;
}

/** What a gate needs in order to check passes and plates. */
export interface IssuerPublicKey {
  readonly kid: string;
  /** Pinned: a key is good for this algorithm only. */
  readonly alg: 'EdDSA';
  /** Raw Ed25519 public key, base64url. */
  readonly publicKey: string;
  /** When given, only passes whose `iss` is this are accepted under the key. */
  readonly iss?: string;
  /**
   * When given, the key verifies no pass at and after this, ms since the epoch. Plates are read by it for
   * ever.
   */
  readonly validUntil?: number;
}

/** What signs. Keep it out of logs and away from gates. */
export interface IssuerKey extends IssuerPublicKey {
  /** PKCS#8 DER, base64url. */
  readonly privateKey: string;
}

/** Codes of the error registry; the event's reason is the part after `pass.`. */
export type PassRejection =
  | 'pass.malformed'
  | 'pass.signature'
  | 'pass.unknown_key'
  | 'pass.expired'
  | 'pass.not_yet_valid'
  | 'pass.wrong_audience'
  | 'pass.revoked';

/** `claims` of a rejected pass are given only when its signature was good. */
export type PassVerdict =
  | {
      readonly outcome: 'accepted';
      readonly kid: string;
      readonly claims: PassClaims;
      /**
       * Number of the half minute that the holder's proof is of; left out on paper passes. A ledger takes
       * each only once.
       */
      readonly proof?: number;
    }
  | {
      readonly outcome: 'rejected';
      readonly reason: PassRejection;
      readonly kid?: string;
      readonly claims?: PassClaims;
    };

/** Result of checking a door plate. A plate is public and never a credential. */
export type PlateVerdict =
  | { readonly outcome: 'accepted'; readonly kid: string; readonly domain: string; readonly id: string }
  | {
      readonly outcome: 'rejected';
      readonly reason: 'pass.malformed' | 'pass.signature' | 'pass.unknown_key';
    };
