import type { RiskFactor } from '@watchpost/contracts/alert';
import type { StoredEvent } from '@watchpost/contracts/wire';
import type { SiteDirectory } from '../places/site-directory.ts';
import { isArmed } from './armed-schedule.ts';
import type { RiskContext } from './event-risk.ts';

/** What was known around an event when it came, as it is stored: a replay judges by it, not by today. */
export interface StoredContext {
  readonly criticality: number;
  readonly armed: boolean;
  /** Devices that said the like. */
  readonly devices: number;
  readonly genuine: number;
  readonly mistaken: number;
}

/** What is stored of a context; the age of the event follows from its times. */
export const storedContext = ({
  zoneCriticality,
  armed,
  corroboratingDevices,
  dispositions,
}: RiskContext): StoredContext => ({
  criticality: zoneCriticality,
  armed,
  devices: corroboratingDevices,
  genuine: dispositions.genuine,
  mistaken: dispositions.mistaken,
});

/** The context of a stored event. */
export const contextOf = (
  { criticality, armed, devices, genuine, mistaken }: StoredContext,
  ageMs: number,
): RiskContext => ({
  zoneCriticality: criticality,
  armed,
  corroboratingDevices: devices,
  ageMs,
  dispositions: { genuine, mistaken },
});

/**
 * The context of an event of before contexts were stored, as far as it can be told: the hours of the site as
 * it is described now, and what its score says of other devices and of trust.
 */
export function estimatedContext(
  event: StoredEvent,
  factors: readonly RiskFactor[],
  directory: SiteDirectory,
): StoredContext {
  const because = (name: RiskFactor['name']) => factors.find((factor) => factor.name === name)?.because ?? {};
  const numberOf = (value: unknown, otherwise: number) => (typeof value === 'number' ? value : otherwise);
  const zone = directory.zone(event.subject);
  const trust = because('device_trust');
  return {
    criticality: numberOf(because('zone_criticality').criticality, zone?.criticality ?? 0.5),
    armed: zone !== undefined && isArmed(zone.armed, Date.parse(event.time), directory.site.timeZone),
    devices: numberOf(because('corroboration').devices, 0),
    genuine: numberOf(trust.genuine, 0),
    mistaken: numberOf(trust.mistaken, 0),
  };
}
