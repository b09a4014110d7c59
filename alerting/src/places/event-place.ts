import type { Site, SiteDevice } from '@watchpost/contracts/site';
import type { SiteDirectory } from './site-directory.ts';

/** Where an event comes from: a device of the site, or what stands for one. */
export type EventPlace = Pick<SiteDevice, 'id' | 'gateway' | 'zone' | 'at'>;

/** A device of the site as a place of events. */
export function devicePlace(directory: SiteDirectory, id: string): EventPlace | undefined {
  return directory.device(id);
}

function mostCritical(zones: readonly Site['zones'][number][]): Site['zones'][number] | undefined {
  return [...zones].sort((a, b) => b.criticality - a.criticality)[0];
}

/** A gateway, or the server, stands for the most critical zone that is not watched without it. */
export function gatewayPlace(directory: SiteDirectory, gateway: string): EventPlace {
  const { site } = directory;
  const devices = site.devices.filter((device) => device.gateway === gateway);
  const zones = devices.flatMap((device) => directory.zone(device.zone) ?? []);
  const zone = mostCritical(zones.length > 0 ? zones : site.zones);
  const device = devices.find((one) => one.zone === zone?.id);
  const id = gateway as EventPlace['gateway'];
  return {
    id: gateway as EventPlace['id'],
    gateway: id,
    zone: (zone?.id ?? '') as EventPlace['zone'],
    at: device?.at ?? [0, 0],
  };
}
