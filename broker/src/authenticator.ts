import { createHash, timingSafeEqual } from 'node:crypto';
import { type Principal, reservedGatewayIds, topicLevelPattern } from '@watchpost/contracts';
import type { BrokerConfig } from './config.ts';

/** Who a client is, and by what. */
export interface Authenticated {
  readonly principal: Principal;
  /** Names the credential and all that hangs on it; see {@link Authenticator.holds}. */
  readonly credential: string;
}

/** Finds out who a client is. */
export interface Authenticator {
  /** `undefined`: nobody we know. */
  authenticate(
    username: string | undefined,
    password: Uint8Array | undefined,
    certifiedName: string | undefined,
  ): Authenticated | undefined;
  /** Whether a credential that was accepted once would still be, for the same principal. */
  holds(credential: string): boolean;
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/**
 * User names with secrets, gateways by the common name of their certificate, and anonymous clients if there are any.
 * The digest is compared in constant time, and an unknown name costs the same as a wrong secret, so that answers do
 * not tell which names exist.
 */
export function authenticatorOf(
  config: Pick<BrokerConfig, 'identities' | 'anonymous' | 'certificates'>,
): Authenticator {
  const { identities, anonymous, certificates } = config;
  const known = new Map(
    identities.map((identity) => [
      identity.username,
      {
        digest: Buffer.from(identity.secretSha256, 'hex'),
        authenticated: { principal: identity.principal, credential: `secret ${JSON.stringify(identity)}` },
      },
    ]),
  );
  const nobody = { digest: Buffer.alloc(32), authenticated: undefined };
  const anyone = anonymous && { principal: anonymous, credential: `anonymous ${JSON.stringify(anonymous)}` };

  const byCertificate = (name: string): Authenticated | undefined => {
    const usable = topicLevelPattern.test(name) && !reservedGatewayIds.includes(name);
    if (!certificates || !usable || certificates.revoked.includes(name)) return undefined;
    const principal: Principal = { kind: 'gateway', name, site: certificates.site, gateway: name };
    return { principal, credential: `certificate ${certificates.site} ${name}` };
  };
  const bySecret = (username: string, password: Uint8Array = new Uint8Array()): Authenticated | undefined => {
    const candidate = known.get(username) ?? nobody;
    return timingSafeEqual(candidate.digest, sha256(password)) ? candidate.authenticated : undefined;
  };

  return {
    authenticate(username, password, certifiedName) {
      if (username !== undefined) return bySecret(username, password);
      return certifiedName === undefined ? anyone : byCertificate(certifiedName);
    },
    holds(credential) {
      const [kind, , name = ''] = credential.split(' ');
      if (kind === 'certificate') return byCertificate(name)?.credential === credential;
      if (kind === 'anonymous') return anyone?.credential === credential;
      return [...known.values()].some(({ authenticated }) => authenticated.credential === credential);
    },
  };
}
