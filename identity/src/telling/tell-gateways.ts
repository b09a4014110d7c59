import { join } from 'node:path';
import type { GatewayPart } from '@watchpost/contracts/site';
import { makeFolders } from '@watchpost/service';
import type { Logger } from 'pino';
import type { DoorDocuments } from '../door/door-documents.ts';
import { type GatewayDoor, type GatewayDoorOptions, startGatewayDoor } from '../door/gateway-door.ts';
import { Announcer, type AnnouncerBroker } from './announcer.ts';
import { openAnnouncingKey } from './announcing-key.ts';
import { ToldSite } from './told-site.ts';
import { VersionFile } from './version-file.ts';

/** A site whose gateways are told what they are to do. */
export interface SiteToTell {
  readonly site: string;
  /** Folder of its authority. */
  readonly authority: string;
  /** How its announcements reach the broker. */
  readonly link: AnnouncerBroker;
  readonly parts: readonly GatewayPart[];
}

export interface TellGatewaysOptions
  extends Omit<GatewayDoorOptions, 'authorities' | 'documents' | 'logger'> {
  readonly sites: readonly SiteToTell[];
  /** Where versions are kept; made when missing. */
  readonly dataFolder: string;
  readonly logger: Logger;
}

/** A door with what it tells. */
export interface TellingDoor extends GatewayDoor {
  /** Takes what gateways are told from now on. Sites that are new count from the next start. */
  tell(sites: readonly SiteToTell[]): void;
}

/** Nobody keeps lists of people on the server yet: a permit lets nothing be matched. */
const noPermit = { gallery: { digest: null, withdrawn: [] }, passes: { revoked: [] } };

/**
 * Starts the gateway door together with what it tells: site parts and permits, signed, announced over the
 * broker and fetched at the door.
 * @throws WatchpostError as `startGatewayDoor` and `openAnnouncingKey`; nothing is left running then
 */
export async function tellGateways(options: TellGatewaysOptions): Promise<TellingDoor> {
  const { dataFolder, nowMs, logger } = options;
  makeFolders(dataFolder);
  const told = new Map(
    options.sites.map(({ site, authority }) => [
      site,
      new ToldSite(site, {
        key: openAnnouncingKey(authority),
        versions: new VersionFile(join(dataFolder, `${site}.versions.json`)),
        nowMs,
      }),
    ]),
  );
  const documents: DoorDocuments = {
    find: (site, gateway, kind) => told.get(site)?.find(gateway, kind),
    keys: (site) => [told.get(site)?.key].flatMap((key) => key ?? []),
  };
  const announcers = new Map(
    options.sites.flatMap(({ site: id, link: broker }) => {
      const site = told.get(id);
      return site ? [[id, new Announcer({ broker, site, logger })] as const] : [];
    }),
  );
  const tell = (sites: readonly SiteToTell[]) => {
    for (const { site: id, parts } of sites) {
      const site = told.get(id);
      if (!site) continue;
      const { changed, gone } = site.tell(parts, noPermit);
      if (changed.length + gone.length > 0) logger.info({ site: id, changed, gone }, 'gateways are told');
      announcers.get(id)?.announce(changed, gone);
    }
  };
  tell(options.sites);
  const authorities = options.sites.map(({ authority }) => authority);
  const door = await startGatewayDoor({ ...options, authorities, documents });
  for (const announcer of announcers.values()) announcer.start();
  return {
    port: door.port,
    metricsPort: door.metricsPort,
    metrics: () => door.metrics(),
    reload: () => door.reload(),
    tell,
    async stop() {
      await Promise.all([...announcers.values()].map((announcer) => announcer.stop()));
      await door.stop();
    },
  };
}
