import type { Principal } from '@watchpost/contracts/wire';

/** By what a client is known, and what is needed to see whether that still holds. */
export type Credential =
  | { readonly type: 'anonymous'; readonly entry: string }
  | { readonly type: 'secret'; readonly username: string; readonly entry: string }
  | { readonly type: 'certificate'; readonly serial: string; readonly expiresAtMs: number }
  | {
      readonly type: 'token';
      /** `jti`. */
      readonly id: string;
      /** `sub`. */
      readonly subject: string;
      /** `kid`. */
      readonly key: string;
      /** The key’s public part, because an id may be given to another key. */
      readonly publicKey: string;
      /** `sid`: the session of the person it was given to. */
      readonly session?: string | undefined;
      readonly issuedAtMs: number;
      readonly expiresAtMs: number;
    };

/** What the log says of a credential: enough to revoke it, and nothing to connect with. */
export function nameOf(credential: Credential): string {
  if (credential.type === 'certificate') return `certificate ${credential.serial}`;
  return credential.type === 'token' ? `token ${credential.id} of key ${credential.key}` : credential.type;
}

/** Who a client is, and by what. */
export interface Authenticated {
  readonly principal: Principal;
  readonly credential: Credential;
}

/** How a credential that was accepted once stands now. */
export type Standing = 'good' | 'unknown' | 'expired' | 'revoked';
