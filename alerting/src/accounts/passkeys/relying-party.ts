import { isIP } from 'node:net';

/** For whom a passkey is made: WebAuthn’s relying party. */
export interface RelyingParty {
  /** Of the page, e.g. `https://watch.example`. */
  readonly origin: string;
  /** The host name of it. */
  readonly id: string;
}

/**
 * The relying party of a console at this origin; undefined where browsers have none: addresses are no domain
 * (WebAuthn Level 3 §5.1.3), and a page must be secure, which over plain HTTP `localhost` alone is.
 */
export function relyingPartyOf(origin: string): RelyingParty | undefined {
  const { hostname, protocol } = new URL(origin);
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return undefined;
  const isSecure = protocol === 'https:' || hostname === 'localhost' || hostname.endsWith('.localhost');
  return isSecure ? { origin, id: hostname } : undefined;
}
