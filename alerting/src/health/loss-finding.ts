import type { Site } from '@watchpost/contracts/site';
import type { SystemEvent, SystemEventType, WatchpostEvent } from '@watchpost/contracts/wire';
import type { EventPlace } from '../ingest/work.ts';
import type { SiteDirectory } from '../places/site-directory.ts';

/** The name under which alerting itself speaks; no gateway of a site may have it. */
export const systemGateway = 'alerting' as Site['gateways'][number];

type LossData<T extends SystemEventType> = Extract<SystemEvent, { type: T }>['data'];
type VideoLossData = Extract<WatchpostEvent, { type: 'watchpost.tamper.video_loss.v1' }>['data'];

/** What was found out, about what, and where that is. */
export type Finding = { readonly place: EventPlace } & (
  | { readonly [T in SystemEventType]: { readonly type: T; readonly data: LossData<T> } }[SystemEventType]
  // The loss of a camera and that of its picture are one thing, whoever notices first.
  | { readonly type: 'watchpost.tamper.video_loss.v1'; readonly data: VideoLossData }
);

/** A loss: what {@link Finding} says when something goes, not when it is back. */
export type LossType = Exclude<Finding['type'], 'watchpost.system.restored.v1'>;

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
