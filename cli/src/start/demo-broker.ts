import { join } from 'node:path';
import type { LocalGateway } from '../server/local-gateways.ts';
import { gatewayUser, identity, type OfficerKey, publicOfficerKey, serviceAccounts } from './broker-link.ts';
import { doorAccount } from './door-account.ts';
import type { Secrets } from './secrets.ts';

/**
 * Who may connect to the demo’s broker. Anonymous is a demo principal of the site whose gateway is run here:
 * allowed because the broker is on loopback.
 */
export function demoBrokerConfig(
  { sites, own }: { readonly sites: readonly string[]; readonly own: LocalGateway },
  port: number,
  secrets: Secrets,
  demoUser: string,
  officerKey: OfficerKey,
  dataFolder: string,
) {
  return {
    host: '127.0.0.1',
    port,
    ownersFile: join(dataFolder, 'client-ids.json'),
    tokens: { site: sites, keys: [publicOfficerKey(officerKey)] },
    anonymous: { kind: 'demo', name: 'anonymous', site: own.site },
    identities: [
      identity(gatewayUser(own), secrets.mqtt.gateway, { kind: 'gateway', name: own.gateway, ...own }),
      ...serviceAccounts(sites, secrets),
      ...sites.map((site) => doorAccount(site, secrets)),
      identity(demoUser, secrets.demoPassword ?? '', { kind: 'demo', name: demoUser, site: own.site }),
    ],
  };
}
