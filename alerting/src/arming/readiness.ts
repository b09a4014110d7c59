import type { ReadinessProblem } from '@watchpost/contracts/api';
import type { ArmingArea, ArmingMode, SiteDevice } from '@watchpost/contracts/site';
import type { SiteDirectory } from '../places/site-directory.ts';
import { type DeviceCondition, deviceConditions, deviceStatuses } from '../store/arming-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { DeviceStatus } from '../store/uptime-store.ts';
import { countsIn } from './area-rules.ts';

/** What is known of the devices of an area. */
export interface KnownDevices {
  readonly devices: readonly SiteDevice[];
  readonly conditions: ReadonlyMap<string, readonly DeviceCondition[]>;
  readonly statuses: ReadonlyMap<string, { readonly status: DeviceStatus; readonly at: string }>;
}

/** Reads what is known of devices of a site. */
export async function knownDevices(
  db: Queryable,
  { site, device }: SiteDirectory,
  ids: readonly string[],
): Promise<KnownDevices> {
  const conditions = new Map<string, DeviceCondition[]>();
  for (const one of await deviceConditions(db, site.id, ids))
    conditions.set(one.device, [...(conditions.get(one.device) ?? []), one]);
  return {
    devices: ids.flatMap((id) => device(id) ?? []),
    conditions,
    statuses: await deviceStatuses(db, site.id, ids),
  };
}

/** What keeps a device from being armed; undefined: nothing. */
function problemOf(
  { id, kind, reports }: SiteDevice,
  { conditions, statuses }: KnownDevices,
): ReadinessProblem | undefined {
  const said = conditions.get(id) ?? [];
  const active = (which: string) => said.find((one) => one.kind === which && one.active);
  const problem = (what: ReadinessProblem['problem'], since: string | null): ReadinessProblem => ({
    ...{ device: id, problem: what, since },
  });
  const open = active('door');
  if (open) return problem('open', open.at);
  const covered = active('cover');
  if (covered) return problem('covered', covered.at);
  const status = statuses.get(id);
  if (status?.status === 'down') return problem('lost', status.at);
  if (status?.status === 'unknown') return problem('unknown', status.at);
  const isContact = reports ? reports.includes('sensor.door') : kind === 'door_contact';
  return isContact && !said.some((one) => one.kind === 'door') ? problem('unknown', null) : undefined;
}

/** What keeps an area from being armed in a mode, without what is left out. */
export function problemsOf(
  area: Pick<ArmingArea, 'modes'>,
  mode: ArmingMode,
  known: KnownDevices,
  bypassed: readonly string[],
): ReadinessProblem[] {
  const rules = area.modes[mode];
  if (!rules) return [];
  return known.devices
    .filter(({ id }) => countsIn(rules, id) && !bypassed.includes(id))
    .flatMap((device) => problemOf(device, known) ?? []);
}
