import type { IssuerKey, IssuerPublicKey, PlateVerdict } from './verdict.ts';

/**
 * `https://{domain}/a/{id}?k={kid}&s={signature}`. `id` is opaque, `[A-Za-z0-9_-]{8,64}`.
 * @throws WatchpostError `pass.malformed`
 */
export function issuePlate(
  _plate: { readonly domain: string; readonly id: string },
  _key: IssuerKey,
): string {
  throw new Error('being written');
}

/** Never throws. `domain` pins the plates' domain when given. */
export function verifyPlate(
  _text: string,
  _options: { readonly keys: readonly IssuerPublicKey[]; readonly domain?: string },
): PlateVerdict {
  throw new Error('being written');
}
