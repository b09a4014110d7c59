import type { LogInMethods } from '@watchpost/contracts/api';

/**
 * Why no passkey can be used here: the page is no secure one, the browser knows none, this address is no
 * name, or passkeys are for another address of the console.
 */
export type PasskeyHindrance = 'insecure' | 'browser' | 'address' | 'elsewhere';

/** Null: they can be used. `offered`: what the server says of passkeys. */
export function passkeyHindrance(offered: LogInMethods['passkey']): PasskeyHindrance | null {
  if (window.isSecureContext === false) return 'insecure';
  if (!('PublicKeyCredential' in window)) return 'browser';
  if (offered === null) return 'address';
  return offered.origin === location.origin ? null : 'elsewhere';
}
