import type { AlertCounts } from '@watchpost/contracts/api';
import type { Site, SitePlan } from '@watchpost/contracts/site';
import { planOfZone, plansOf } from '@watchpost/contracts/site-plans';

/** The plan that is shown: the one asked for, else that of the zone that is looked at, else the first. */
export function shownPlan(site: Site, asked: string | null, zone: string | undefined): SitePlan {
  const named = plansOf(site).find(({ id }) => id === asked);
  return named ?? (zone === undefined ? site.plan : planOfZone(site, zone));
}

/** The id of the plan that each device stands on. */
export function planOfDevices({ plan, zones, devices }: Site): ReadonlyMap<string, string> {
  const planOf = new Map<string, string>(zones.map((zone) => [zone.id, zone.plan ?? plan.id]));
  return new Map(devices.map(({ id, zone }) => [id, planOf.get(zone) ?? plan.id]));
}

/** How many alerts that nobody has taken are of devices on each plan, by its id. */
export function openByPlan(
  planOf: ReadonlyMap<string, string>,
  places: Readonly<AlertCounts['devices']>,
): ReadonlyMap<string, number> {
  const open = new Map<string, number>();
  for (const { device, open: count } of places) {
    const plan = planOf.get(device);
    if (plan !== undefined && count > 0) open.set(plan, (open.get(plan) ?? 0) + count);
  }
  return open;
}
