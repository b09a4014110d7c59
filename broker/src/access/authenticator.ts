import { createHash, timingSafeEqual } from 'node:crypto';
import type { Principal } from '@watchpost/contracts/wire';
import {
  type Authenticated,
  type CertificateFault,
  type Credential,
  gatewayOfCertificate,
  type PeerCertificate,
  Revocations,
  type Standing,
  type TokenFault,
  TokenVerifier,
} from '@watchpost/identity';
import type { BrokerConfig } from '../config.ts';

/** With this user name the password is a signed token. */
export const tokenUsername = 'token';

/** Why a client is nobody we know. For the log: the client gets the same answer for all of them. */
export interface Stranger {
  readonly fault:
    | 'secret'
    | 'revoked'
    | 'no_credential'
    | `token_${TokenFault}`
    | `certificate_${CertificateFault}`;
}

/** Finds out who a client is. */
export interface Authenticator {
  authenticate(
    username: string | undefined,
    password: Uint8Array | undefined,
    certificate: PeerCertificate | undefined,
  ): Promise<Authenticated | Stranger>;
  /** Whether a credential that was accepted once would still be, for the same principal. */
  standing(client: Authenticated): Standing;
}

export interface AuthenticatorContext {
  /** Milliseconds since the epoch; default the clock. */
  readonly nowMs?: () => number;
  /** What is revoked now; default nothing. */
  readonly revocations?: () => Pick<Revocations, 'revoke'>;
}

type Config = Pick<BrokerConfig, 'identities' | 'anonymous' | 'certificates' | 'tokens'>;

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const none = new Revocations([]);

/**
 * User names with secrets, signed tokens, gateways by their certificate, and anonymous clients if there are
 * any. The digest is compared in constant time, and an unknown name costs the same as a wrong secret, so that
 * answers do not tell which names exist.
 */
export function authenticatorOf(config: Config, context: AuthenticatorContext = {}): Authenticator {
  const { identities, anonymous, certificates, tokens } = config;
  const { nowMs = Date.now, revocations = () => none } = context;
  const verifier = tokens && new TokenVerifier(tokens);
  const known = new Map(
    identities.map(
      ({ username, secretSha256, principal }): [string, { digest: Buffer; client: Authenticated }] => [
        username,
        {
          digest: Buffer.from(secretSha256, 'hex'),
          client: { principal, credential: secretCredential({ username, secretSha256, principal }) },
        },
      ],
    ),
  );
  const nobody = { digest: Buffer.alloc(32), client: undefined };
  const anyone: Authenticated | undefined = anonymous && {
    principal: anonymous,
    credential: { type: 'anonymous', entry: JSON.stringify(anonymous) },
  };

  const byCertificate = (certificate: PeerCertificate): Authenticated | Stranger => {
    if (!certificates) return { fault: 'no_credential' };
    // Of several sites only the authority tells which one it is.
    const [only, ...others] = certificates.site;
    const site = certificate.site ?? (others.length === 0 ? only : undefined);
    if (site === undefined || !certificates.site.includes(site)) return { fault: 'certificate_site' };
    const found = gatewayOfCertificate(certificate, site, nowMs());
    if ('fault' in found) return { fault: `certificate_${found.fault}` };
    const { gateway } = found;
    if (isRevoked(certificates, site, gateway)) return { fault: 'revoked' };
    const principal: Principal = { kind: 'gateway', name: gateway, site, gateway };
    const { serial, notAfterMs: expiresAtMs } = certificate;
    return { principal, credential: { type: 'certificate', serial, expiresAtMs } };
  };
  const bySecret = (username: string, password: Uint8Array = new Uint8Array()): Authenticated | Stranger => {
    const candidate = known.get(username) ?? nobody;
    const right = timingSafeEqual(candidate.digest, sha256(password));
    return (right ? candidate.client : undefined) ?? { fault: 'secret' };
  };
  const byToken = async (token: Uint8Array, trusted: TokenVerifier): Promise<Authenticated | Stranger> => {
    const verified = await trusted.verify(token, nowMs());
    return 'fault' in verified ? { fault: `token_${verified.fault}` } : verified;
  };
  /** The certificates and keys themselves; whether time or operator ended them is asked apart. */
  const isKnown = ({ principal, credential }: Authenticated): boolean => {
    switch (credential.type) {
      case 'anonymous':
        return anyone?.credential.type === 'anonymous' && anyone.credential.entry === credential.entry;
      case 'secret': {
        const now = known.get(credential.username)?.client.credential;
        return now?.type === 'secret' && now.entry === credential.entry;
      }
      case 'certificate':
        return (
          certificates?.site.includes(principal.site) === true &&
          !isRevoked(certificates, principal.site, principal.gateway ?? '')
        );
      case 'token':
        return verifier?.stillUses(credential.key, credential.publicKey, principal.site, nowMs()) === true;
    }
  };

  return {
    async authenticate(username, password, certificate) {
      let client: Authenticated | Stranger;
      if (username === tokenUsername && verifier)
        client = await byToken(password ?? new Uint8Array(), verifier);
      else if (username !== undefined) client = bySecret(username, password);
      else if (certificate) client = byCertificate(certificate);
      else client = anyone ?? { fault: 'no_credential' };
      if ('fault' in client) return client;
      return revocations().revoke(client) ? { fault: 'revoked' } : client;
    },
    standing(client) {
      const { credential } = client;
      if (revocations().revoke(client)) return 'revoked';
      if ('expiresAtMs' in credential && credential.expiresAtMs <= nowMs()) return 'expired';
      return isKnown(client) ? 'good' : 'unknown';
    },
  };
}

const isRevoked = (
  { revoked }: NonNullable<Config['certificates']>,
  site: string,
  gateway: string,
): boolean => revoked.includes(gateway) || revoked.includes(`${site}/${gateway}`);

const secretCredential = (entry: Omit<Config['identities'][number], 'clientIds'>): Credential => ({
  type: 'secret',
  username: entry.username,
  // only compared, and written to disk with the client id’s owner
  entry: sha256(Buffer.from(JSON.stringify(entry))).toString('hex'),
});
