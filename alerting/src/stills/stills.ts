import { WatchpostError } from '@watchpost/contracts/errors';
import type { DeviceId, SiteId } from '@watchpost/contracts/wire';
import { append } from '../governance/audit-log.ts';
import { actorOf, type Person } from '../governance/person.ts';
import type { SiteDirectory } from '../places/site-directory.ts';
import type { Queryable } from '../store/schema.ts';
import type { StillSource } from './still-source.ts';

/** What {@link Stills} needs. */
export interface StillsOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  /** Absent where there is no way to a gateway. */
  readonly source: StillSource | undefined;
  readonly sites: ReadonlyMap<string, { readonly directory: SiteDirectory }>;
}

/** One picture of a camera, for whoever says why. It passes through and is kept nowhere. */
export class Stills {
  readonly #options: StillsOptions;

  constructor(options: StillsOptions) {
    this.#options = options;
  }

  /**
   * A JPEG; that somebody looked is in the audit log before they do.
   * @throws WatchpostError `api.not_found` for what is no camera of the site, as {@link StillSource.still}
   */
  async look(person: Person, site: SiteId, device: DeviceId, reason: string): Promise<Uint8Array> {
    const { db, nowMs, source, sites } = this.#options;
    const camera = sites.get(site)?.directory.site.devices.find(({ id }) => id === device);
    if (camera?.kind !== 'camera') throw new WatchpostError('api.not_found', { path: '/id' });
    if (!source) throw new WatchpostError('still.away');
    const picture = await source.still({ site, gateway: camera.gateway, device, reason });
    await append(db, {
      ...{ at: new Date(nowMs()).toISOString(), actor: actorOf(person), site, action: 'still_viewed' },
      ...{ subject: { kind: 'camera', id: device }, reason, outcome: 'done' },
      details: { gateway: camera.gateway },
    });
    return picture;
  }
}
