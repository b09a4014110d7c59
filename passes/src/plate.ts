import { WatchpostError } from '@watchpost/contracts/errors';
import { signWith, verifyWith } from './issuer-key.ts';
import type { IssuerKey, IssuerPublicKey, PlateVerdict } from './verdict.ts';

const form =
  /^https:\/\/([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?)\/a\/([A-Za-z0-9_-]{8,64})\?k=([A-Za-z0-9_-]{1,64})&s=([A-Za-z0-9_-]{86})$/;

/** What is on a plate besides key and signature. */
export interface PlateAddress {
  /** Lower case host name, with a port if need be. */
  readonly domain: string;
  /** Opaque, `[A-Za-z0-9_-]{8,64}`; says nothing about who lives there. */
  readonly id: string;
}

/**
 * `https://{domain}/a/{id}?k={kid}&s={signature}`; the signature covers everything before `&s=`, the domain
 * included.
 * @throws WatchpostError `pass.malformed`
 */
export function issuePlate({ domain, id }: PlateAddress, key: IssuerKey): string {
  const signed = `https://${domain}/a/${id}?k=${key.kid}`;
  const text = `${signed}&s=${Buffer.from(signWith(key, messageOf(signed))).toString('base64url')}`;
  if (!form.test(text))
    throw new WatchpostError('pass.malformed', {
      path: form.test(text.replace(domain, 'x.example')) ? '/domain' : '/id',
    });
  return text;
}

/** Never throws. `domain` pins the plates' domain when given. A plate is public: anybody can copy it. */
export function verifyPlate(
  text: string,
  options: { readonly keys: readonly IssuerPublicKey[]; readonly domain?: string },
): PlateVerdict {
  const [, domain, id, kid, signature] = form.exec(text) ?? [];
  if (!domain || !id || !kid || !signature || (options.domain !== undefined && options.domain !== domain)) {
    return { outcome: 'rejected', reason: 'pass.malformed' };
  }
  // A plate is screwed to a wall for years: retired keys still verify it.
  const key = options.keys.find((candidate) => candidate.kid === kid);
  if (!key) return { outcome: 'rejected', reason: 'pass.unknown_key' };
  const bytes = Buffer.from(signature, 'base64url');
  // The last character of 86 carries spare bits: without this, four texts would be one plate.
  const canonical = bytes.toString('base64url') === signature;
  const good = canonical && verifyWith(key, messageOf(text.slice(0, text.lastIndexOf('&s='))), bytes);
  return good ? { outcome: 'accepted', kid, domain, id } : { outcome: 'rejected', reason: 'pass.signature' };
}

const messageOf = (signed: string) => new TextEncoder().encode(`watchpost plate\n${signed}`);
