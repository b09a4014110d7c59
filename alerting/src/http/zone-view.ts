import type { GatewayStatus } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import type { SiteDirectory } from '../places/site-directory.ts';

/** Zones that exist for somebody; null: the whole site. */
export type SeenZones = readonly string[] | null;

/**
 * A gateway as it looks from these zones: with its devices there and nothing of others; undefined when it has
 * none there.
 */
export function gatewayIn(
  status: GatewayStatus,
  zones: SeenZones,
  directory: SiteDirectory,
): GatewayStatus | undefined {
  if (zones === null) return status;
  const isSeen = (id: string) => zones.includes(directory.device(id)?.zone ?? '');
  if (!directory.site.devices.some(({ id, gateway }) => gateway === status.gateway && isSeen(id)))
    return undefined;
  return { ...status, devices: status.devices.filter(({ device }) => isSeen(device)) };
}

/** A site as it looks from these zones; undefined when none of them is there any more. */
export function siteIn(site: Site, zones: SeenZones): Site | undefined {
  if (zones === null) return site;
  const isSeen = (zone: string) => zones.includes(zone);
  const devices = site.devices.filter(({ zone }) => isSeen(zone));
  const seen = site.zones.filter(({ id }) => isSeen(id));
  if (seen.length === 0) return undefined;
  return {
    ...site,
    zones: seen,
    devices,
    ...(site.otherPlans
      ? { otherPlans: site.otherPlans.filter(({ id }) => seen.some(({ plan }) => plan === id)) }
      : {}),
    gateways: site.gateways.filter((id) => devices.some(({ gateway }) => gateway === id)),
    ...(site.lines ? { lines: site.lines.filter(({ zone }) => isSeen(zone)) } : {}),
  };
}
