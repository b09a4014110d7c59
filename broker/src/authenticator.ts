import { createHash, timingSafeEqual } from 'node:crypto';
import type { Principal } from '@watchpost/contracts';
import type { Identity } from './config.ts';

/** Finds out who a client is. `undefined`: nobody we know. */
export interface Authenticator {
  authenticate(
    username: string | undefined,
    password: Uint8Array | undefined,
    certifiedName: string | undefined,
  ): Principal | undefined;
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/**
 * User names with secrets. The digest is compared in constant time, and an unknown name costs the same as a wrong
 * secret, so that answers do not tell which names exist.
 */
export function secretAuthenticator(
  identities: readonly Identity[],
  anonymous: Principal | undefined,
): Authenticator {
  const known = new Map(
    identities.map(({ username, secretSha256, principal }) => [
      username,
      { digest: Buffer.from(secretSha256, 'hex'), principal },
    ]),
  );
  const nobody = { digest: Buffer.alloc(32), principal: undefined };
  return {
    authenticate(username, password) {
      if (username === undefined) return anonymous;
      const candidate = known.get(username) ?? nobody;
      const matches = timingSafeEqual(candidate.digest, sha256(password ?? new Uint8Array()));
      return matches ? candidate.principal : undefined;
    },
  };
}
