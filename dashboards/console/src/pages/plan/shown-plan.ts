import type { AlertCounts } from '@watchpost/contracts/api';
import type { Site, SitePlan } from '@watchpost/contracts/site';
import { planOfZone, plansOf } from '@watchpost/contracts/site-plans';

/** The plan that is shown: the one asked for, else that of the zone that is looked at, else the first. */
export function shownPlan(site: Site, asked: string | null, zone: string | undefined): SitePlan {
  const named = plansOf(site).find(({ id }) => id === asked);
  return named ?? (zone === undefined ? site.plan : planOfZone(site, zone));
}

/** How many alerts that nobody has taken are of devices on each plan, by its id. */
export function openByPlan(site: Site, places: AlertCounts['devices']): ReadonlyMap<string, number> {
  const zoneOf = new Map<string, string>(site.devices.map(({ id, zone }) => [id, zone]));
  const open = new Map<string, number>();
  for (const { device, open: count } of places) {
    const zone = zoneOf.get(device);
    if (zone === undefined || count === 0) continue;
    const { id } = planOfZone(site, zone);
    open.set(id, (open.get(id) ?? 0) + count);
  }
  return open;
}
