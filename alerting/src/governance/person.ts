import type { AuditActor, Permission, Session } from '@watchpost/contracts/api';
import type { SiteId, ZoneId } from '@watchpost/contracts/wire';

/** Who asks, and how far they reach. */
export interface Person {
  readonly account: string;
  readonly name: string;
  readonly sites: Session['sites'];
}

export const personOf = ({ account, user, sites }: Session): Person => ({ account, name: user, sites });

export const actorOf = ({ account, name }: Person): AuditActor => ({ account, name });

/** The zones of a site that exist for a person; null: all of them; none where the site does not exist. */
export function zonesFor({ sites }: Person, site: string): readonly ZoneId[] | null {
  const found = sites.find((one) => one.site === site);
  return found ? found.zones : [];
}

/** Whether a person may do this on a site. */
export const maySomebody = ({ sites }: Person, site: string, permission: Permission): boolean =>
  sites.some((one) => one.site === site && one.permissions.includes(permission));

/** Sites with the zones of each that exist for a person. */
export const reachOf = (person: Person, sites: readonly SiteId[]) =>
  sites.map((site) => ({ site, zones: zonesFor(person, site) }));

/** The index of the first zone of an area that is outside of these; -1: none is. */
export const indexOutside = (zones: readonly string[] | null, area: readonly string[]): number =>
  zones === null ? -1 : area.findIndex((zone) => !zones.includes(zone));
