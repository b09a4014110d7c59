import { isIP } from 'node:net';
import { join } from 'node:path';
import { enrolmentFolder } from '@watchpost/contracts/enrolment';
import { gatewayPart } from '@watchpost/contracts/site';
import type { EdgeAgentConfigInput } from '@watchpost/edge-agent';
import { openAnnouncingKey } from '@watchpost/identity/announcing-key';
import type { SiteListPlaces, SiteToTell } from '@watchpost/identity/telling';
import { certifiedNames } from '../init/host-names.ts';
import type { LocalGateway } from '../server/local-gateways.ts';
import type { SiteToRun } from '../server/open-server-folder.ts';
import type { ServerPaths } from '../server/server-paths.ts';
import type { ServerPorts } from './alerting-config.ts';
import type { BrokerLink } from './broker-link.ts';
import { passSocket, withOwnIssuer } from './pass-keys.ts';
import { stillSocket } from './run-files.ts';
import type { Settings } from './settings.ts';

const loopback = '127.0.0.1';

/** What the gateway door is made from. */
export interface DoorParts {
  readonly settings: Settings;
  readonly paths: ServerPaths;
  /** Sites with an authority, or that are to get one. */
  readonly sites: readonly string[];
  /** A site as it is now. */
  readonly siteOf: (site: string) => SiteToRun | undefined;
  readonly ports: Pick<ServerPorts, 'door' | 'gateways'>;
  /** How the door reaches the broker for a site. */
  readonly linkOf: (site: string) => BrokerLink;
  /** Gateways that the server runs itself. */
  readonly local: readonly LocalGateway[];
}

/** The door’s configuration: plain data, for its run file. */
export function doorRunConfig(parts: DoorParts): object {
  const { settings, paths, sites, siteOf, ports, local } = parts;
  return {
    host: doorHost(parts),
    port: ports.door,
    identity: { names: certifiedNames(settings.names) },
    ...(ports.gateways === undefined ? {} : { broker: `:${ports.gateways}` }),
    dataFolder: join(paths.data, 'told'),
    passSocket: passSocket(paths.data),
    stillSocket: stillSocket(paths.data),
    sites: sites.flatMap((site) => siteOf(site) ?? []).map((each) => toTell(each, parts)),
    local: {
      door: localDoor(parts),
      gateways: local.map((own) => ({
        ...own,
        authority: paths.authority(own.site),
        into: identityFolder(paths.data, own),
      })),
    },
  };
}

/** Where the door cannot be of use to other computers, it is for this one alone. */
const doorHost = ({ settings, ports }: Pick<DoorParts, 'settings' | 'ports'>): string =>
  ports.gateways === undefined ? loopback : settings.door.host;

/** Where a gateway of this computer finds the door. */
function localDoor(parts: Pick<DoorParts, 'settings' | 'ports'>): string {
  const host = doorHost(parts);
  const reached = isIP(host) === 0 || host === '0.0.0.0' || host === '::' ? loopback : host;
  return `https://${isIP(reached) === 6 ? `[${reached}]` : reached}:${parts.ports.door}`;
}

/** What a gateway of this computer is told at the door: it is known there as any other one. */
export const toldLocally = (
  parts: DoorParts,
  own: LocalGateway,
): NonNullable<EdgeAgentConfigInput['told']> => {
  const { paths } = parts;
  const { kid, publicKey } = openAnnouncingKey(paths.authority(own.site));
  const folder = identityFolder(paths.data, own);
  // As a claim writes them; the code that does is not there in an installation without gateways.
  const local = { caFile: join(folder, 'ca.pem'), certFile: join(folder, 'gateway.pem') };
  return { door: localDoor(parts), keys: [{ kid, publicKey }], local };
};

/** Key and certificate of a gateway that the server runs itself. */
const identityFolder = (dataFolder: string, { site, gateway }: LocalGateway): string =>
  join(dataFolder, 'gateways', site, gateway, 'identity');

function toTell({ site, off }: SiteToRun, { paths, linkOf, local }: DoorParts): SiteToTell {
  return {
    site: site.id,
    authority: paths.authority(site.id),
    link: linkOf(site.id),
    lists: listPlaces(paths.data, site.id),
    permit: site.policy.permit,
    own: local.filter((one) => one.site === site.id).map(({ gateway }) => gateway),
    parts: site.gateways.map(({ id }) => gatewayPart(withOwnIssuer(site, paths.data), id, off)),
  };
}

/** Where alerting, the enrolment and the door keep what concerns the faces of a site. */
const listPlaces = (dataFolder: string, site: string): SiteListPlaces => ({
  permit: join(dataFolder, 'permits', `${site}.json`),
  galleries: join(dataFolder, enrolmentFolder, site),
  record: join(dataFolder, 'receipts', `${site}.json`),
});
