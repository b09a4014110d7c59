import { createHash, generateKeyPairSync } from 'node:crypto';
import type { LocalGateway } from '../server/local-gateways.ts';
import type { Secrets } from './secrets.ts';

/** How one part reaches the broker. */
export interface BrokerLink {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

/** Signs tokens for officers’ apps; made anew at every start, because a token is good for minutes. */
export function newOfficerKey() {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { kty: 'OKP', crv: 'Ed25519', x, d, kid: 'officers' } as const;
}
export type OfficerKey = ReturnType<typeof newOfficerKey>;

/** What the broker gets of it: it may vouch for officers alone. */
export const publicOfficerKey = ({ kty, crv, x, kid }: OfficerKey) => ({
  ...{ kty, crv, x, kid },
  kinds: ['officer'],
});

/** The user name of a gateway that the server runs itself: ids of two sites may be the same. */
export const gatewayUser = ({ site, gateway }: LocalGateway): string => `${site}/${gateway}`;

/** A service’s user name at the broker: one account for each site, because rules are per site. */
export const accountOf = (service: 'alerting' | 'flows', site: string): string => `${service}-${site}`;

/** Who may connect by a user name and a secret. */
export const identity = (username: string, secret: string, principal: object) => ({
  username,
  secretSha256: createHash('sha256').update(secret).digest('hex'),
  principal,
});

/** The accounts of alerting and of Node-RED at each site. */
export const serviceAccounts = (sites: readonly string[], { mqtt }: Secrets) =>
  sites.flatMap((site) => [
    identity(accountOf('alerting', site), mqtt.alerting, { kind: 'alerting', name: 'alerting', site }),
    identity(accountOf('flows', site), mqtt.flows, { kind: 'integrator', name: 'flows', site }),
  ]);

/** Links to our own broker, or to another one whose URL carries the user and password for all parts. */
export function brokerLinks(secrets: Secrets, port: number, externalUrl: string | undefined) {
  if (externalUrl !== undefined) {
    const url = new URL(externalUrl);
    const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
    url.username = '';
    url.password = '';
    const link: BrokerLink = {
      url: url.href.replace(/\/$/, ''),
      ...(username ? { username, password } : {}),
    };
    return { gateway: () => link, alerting: () => link, flows: () => link };
  }
  const url = `mqtt://127.0.0.1:${port}`;
  return {
    gateway: (own: LocalGateway): BrokerLink => ({
      url,
      username: gatewayUser(own),
      password: secrets.mqtt.gateway,
    }),
    alerting: (site: string): BrokerLink => ({
      url,
      username: accountOf('alerting', site),
      password: secrets.mqtt.alerting,
    }),
    flows: (site: string): BrokerLink => ({
      url,
      username: accountOf('flows', site),
      password: secrets.mqtt.flows,
    }),
  };
}
