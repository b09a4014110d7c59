import {
  planOfZone,
  type Site,
  type SiteDevice,
  type SiteLine,
  type SitePlan,
} from '@watchpost/contracts/site';

type Zone = Site['zones'][number];

/** A site's description, indexed. */
export interface SiteDirectory {
  readonly site: Site;
  device(id: string): SiteDevice | undefined;
  zone(id: string): Zone | undefined;
  line(id: string): SiteLine | undefined;
  /** The plan that a zone is drawn on. */
  planOf(zone: string): SitePlan;
}

/** Indexes the description of a site. */
export function siteDirectory(site: Site): SiteDirectory {
  const devices = new Map<string, SiteDevice>(site.devices.map((device) => [device.id, device]));
  const zones = new Map<string, Zone>(site.zones.map((zone) => [zone.id, zone]));
  const lines = new Map<string, SiteLine>(site.lines?.map((line) => [line.id, line]));
  const plans = new Map<string, SitePlan>(site.zones.map(({ id }) => [id, planOfZone(site, id)]));
  return {
    site,
    device: (id) => devices.get(id),
    zone: (id) => zones.get(id),
    line: (id) => lines.get(id),
    planOf: (zone) => plans.get(zone) ?? site.plan,
  };
}
