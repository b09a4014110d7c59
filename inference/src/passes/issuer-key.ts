import type { IssuerKey, IssuerPublicKey } from './verdict.ts';

/** A fresh Ed25519 key. `kid` defaults to the first 8 bytes of the SHA-256 of the public key, base64url. */
export function generateIssuerKey(
  _options: { readonly kid?: string; readonly iss?: string } = {},
): IssuerKey {
  throw new Error('being written');
}

/** The part of a key that gates may have. */
export function publicPart(_key: IssuerKey): IssuerPublicKey {
  throw new Error('being written');
}
