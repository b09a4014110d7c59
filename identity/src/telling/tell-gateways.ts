import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ComponentHealth } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { GatewayPart } from '@watchpost/contracts/site';
import { type LocalServer, makeFolders } from '@watchpost/service';
import type { Logger } from 'pino';
import type { Caller } from '../door/document-routes.ts';
import type { DoorDocuments } from '../door/door-documents.ts';
import type { DoorGalleries } from '../door/door-galleries.ts';
import { type GatewayDoor, type GatewayDoorOptions, startGatewayDoor } from '../door/gateway-door.ts';
import { defaultPermitPolicy, type PermitPolicy } from '../policy.ts';
import { Announcer, type AnnouncerBroker } from './announcer.ts';
import { openAnnouncingKey } from './announcing-key.ts';
import { CameraProbes } from './camera-probes.ts';
import { ListRounds } from './list-rounds.ts';
import { passCountAt } from './pass-count-socket.ts';
import { noPermit } from './permit-of.ts';
import { type SiteListPlaces, SiteLists } from './site-lists.ts';
import { Stills, serveStills } from './stills.ts';
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
  /** Those of its gateways that the server runs itself: no site part is announced to them. */
  readonly own?: readonly string[] | undefined;
  /** How long its permits are good and how often they are renewed, where it sets that. */
  readonly permit?: PermitPolicy | undefined;
  /** Where its lists of people are; absent: nobody keeps any, and nothing may be matched. */
  readonly lists?: SiteListPlaces | undefined;
}

export interface TellGatewaysOptions
  extends Omit<GatewayDoorOptions, 'authorities' | 'documents' | 'passes' | 'stills' | 'probes' | 'logger'> {
  readonly sites: readonly SiteToTell[];
  /** Where versions are kept; made when missing. */
  readonly dataFolder: string;
  /** The socket file at which uses of passes are counted; absent: nowhere. */
  readonly passSocket?: string | undefined;
  /** The socket file at which pictures of cameras are asked for; absent: nowhere. */
  readonly stillSocket?: string | undefined;
  readonly logger: Logger;
  /** Something is to be seen to, or no longer. */
  readonly onHealth?: (health: ComponentHealth) => void;
}

/** A door with what it tells. */
export interface TellingDoor extends GatewayDoor {
  /** Takes what gateways are told from now on. Sites that are new count from the next start. */
  tell(sites: readonly SiteToTell[]): void;
}

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
    options.sites.flatMap(({ site: id, link: broker, own = [] }) => {
      const site = told.get(id);
      return site ? [[id, new Announcer({ broker, site, own: new Set(own), logger })] as const] : [];
    }),
  );
  const lists = new Map(
    options.sites.flatMap(({ site, lists: places }) => {
      const partOf = (gateway: string) => told.get(site)?.partOf(gateway);
      const keptPath = join(dataFolder, `${site}.permit.json`);
      return places ? [[site, new SiteLists({ places, keptPath, partOf, nowMs, log: logger })] as const] : [];
    }),
  );
  await Promise.all([...lists.values()].map((each) => each.open()));
  const permitOf = (site: string) => (part: GatewayPart) => lists.get(site)?.permitOf(part) ?? noPermit;
  const tell = (sites: readonly SiteToTell[]) => {
    for (const { site: id, parts, permit = defaultPermitPolicy } of sites) {
      const site = told.get(id);
      if (!site) continue;
      const { changed, gone } = site.tell(parts, permitOf(id));
      if (changed.length + gone.length > 0) logger.info({ site: id, changed, gone }, 'gateways are told');
      announcers.get(id)?.permitsAre(permit);
      announcers.get(id)?.announce(changed, gone);
    }
  };
  tell(options.sites);
  const listsOf = ({ site }: Caller): SiteLists => {
    const found = lists.get(site);
    if (!found) throw new WatchpostError('identity.gallery_absent');
    return found;
  };
  const galleries: DoorGalleries = {
    gallery: (caller, holder, digest) => listsOf(caller).gallery(caller, holder, digest),
    keys: (caller, holder) => listsOf(caller).keys(caller, holder),
    receipt: (caller, receipt) => listsOf(caller).receipt(caller, receipt),
  };
  const authorities = options.sites.map(({ authority }) => authority);
  const passes = options.passSocket === undefined ? undefined : passCountAt(options.passSocket);
  const toGateways = {
    isKnown: (site: string, gateway: string) => told.get(site)?.partOf(gateway) !== undefined,
    keyOf: (site: string) => told.get(site)?.key,
    send: (site: string, gateway: string, command: object) =>
      announcers.get(site)?.command(gateway, command) ?? false,
    nowMs,
  };
  const stills = new Stills(toGateways);
  const probes = new CameraProbes(toGateways);
  const door = await startGatewayDoor({
    ...{ ...options, authorities, documents, galleries, passes, stills, probes },
  });
  const asked = await servedOrNot(options.stillSocket, { stills, probes }, door);
  for (const announcer of announcers.values()) announcer.start();
  let health: ComponentHealth = { status: 'ok' };
  const rounds = new ListRounds({
    lists,
    isOut: (site, gateway, serial) => door.isOut(site, gateway, serial),
    onOther: (site) => {
      const gateways = told.get(site)?.permit(permitOf(site)) ?? [];
      announcers.get(site)?.announcePermits(gateways);
    },
    onHealth: (now) => {
      if (isDeepStrictEqual(health, now)) return;
      health = now;
      options.onHealth?.(now);
    },
    log: logger,
  });
  rounds.start();
  return {
    ...door,
    get metricsPort() {
      return door.metricsPort;
    },
    tell,
    async stop() {
      await asked?.stop();
      await rounds.stop();
      await Promise.all([...announcers.values()].map((announcer) => announcer.stop()));
      await door.stop();
    },
  };
}

/** Listens for questions about pictures; without a door there is nobody to answer them. */
async function servedOrNot(
  path: string | undefined,
  { stills, probes }: { readonly stills: Stills; readonly probes: CameraProbes },
  door: GatewayDoor,
): Promise<LocalServer | undefined> {
  if (path === undefined) return undefined;
  try {
    return await serveStills(path, stills, probes);
  } catch (error) {
    await door.stop();
    throw error;
  }
}
