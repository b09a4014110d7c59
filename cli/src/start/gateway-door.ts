import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { enrolmentFolder } from '@watchpost/contracts/enrolment';
import { gatewayPart } from '@watchpost/contracts/site';
import type { SiteListPlaces, SiteToTell } from '@watchpost/identity/telling';
import { certifiedNames } from '../init/host-names.ts';
import type { SiteToRun } from '../server/open-server-folder.ts';
import type { ServerPaths } from '../server/server-paths.ts';
import { identity } from './broker-link.ts';
import { passSocket, withOwnIssuer } from './pass-keys.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';

/** The door’s user name at our broker: one account for each site, because rules are per site. */
const doorUser = (site: string): string => `gateway-door-${site}`;

/** The door’s password at our broker, made from one that is kept, so that no file of secrets changes. */
const doorPassword = ({ mqtt }: Pick<Secrets, 'mqtt'>): string =>
  createHmac('sha256', mqtt.alerting).update('gateway-door').digest('base64url');

/** The door’s account at our broker: it announces documents to a site’s gateways and does nothing else. */
export const doorAccount = (site: string, secrets: Pick<Secrets, 'mqtt'>) =>
  identity(doorUser(site), doorPassword(secrets), {
    ...{ kind: 'alerting', name: 'gateway-door', site },
    scope: { publish: [`wp/1/${site}/+/site`, `wp/1/${site}/+/permit`], subscribe: [] },
  });

/** What the gateway door is made from. */
export interface DoorParts {
  readonly settings: Settings;
  readonly paths: ServerPaths;
  /** Sites with an authority. */
  readonly sites: readonly SiteToRun[];
  readonly port: number;
  /** Port of the broker for gateways. */
  readonly brokerPort: number;
  /** Port of our broker on loopback. */
  readonly mqttPort: number;
  readonly secrets: Pick<Secrets, 'mqtt'>;
}

/** The door’s configuration: plain data, for its run file. */
export function doorRunConfig(parts: DoorParts): object {
  const { settings, paths, sites, port, brokerPort } = parts;
  return {
    host: settings.door.host,
    port,
    identity: { names: certifiedNames(settings.names) },
    broker: `:${brokerPort}`,
    dataFolder: join(paths.data, 'told'),
    passSocket: passSocket(paths.data),
    sites: sites.map((each) => toTell(each, parts)),
  };
}

/** Every gateway of a site is told, but those that the server runs itself. */
function toTell({ site, off }: SiteToRun, { paths, mqttPort, secrets }: DoorParts): SiteToTell {
  return {
    site: site.id,
    authority: paths.authority(site.id),
    link: {
      url: `mqtt://127.0.0.1:${mqttPort}`,
      username: doorUser(site.id),
      password: doorPassword(secrets),
    },
    lists: listPlaces(paths.data, site.id),
    permit: site.policy.permit,
    parts: site.gateways
      .filter(({ local }) => !local)
      .map(({ id }) => gatewayPart(withOwnIssuer(site, paths.data), id, off)),
  };
}

/** Where alerting, the enrolment and the door keep what concerns the faces of a site. */
const listPlaces = (dataFolder: string, site: string): SiteListPlaces => ({
  permit: join(dataFolder, 'permits', `${site}.json`),
  galleries: join(dataFolder, enrolmentFolder, site),
  record: join(dataFolder, 'receipts', `${site}.json`),
});
