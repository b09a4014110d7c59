import type { EventData } from '@watchpost/contracts/wire';
import type { HardwareProfile, ProfileOf, Reading } from '@watchpost/hardware';
import type { Sample } from '../outbox/telemetry-buffer.ts';

/** What a sensor's reading says beyond itself. */
export type SensorFinding =
  | { readonly type: 'watchpost.sensor.alarm.v1'; readonly data: EventData<'watchpost.sensor.alarm.v1'> }
  | { readonly type: 'watchpost.sensor.cleared.v1'; readonly data: EventData<'watchpost.sensor.cleared.v1'> }
  | { readonly type: 'watchpost.sensor.anomaly.v1'; readonly data: EventData<'watchpost.sensor.anomaly.v1'> };

/** What a sensor tells the agent. */
export interface SensorReports {
  report(finding: SensorFinding, capturedAtMs: number): void;
  measured(sample: Sample): void;
  /** The reading was good, or not usable. */
  counted(usable: boolean): void;
}

/**
 * Turns the readings of one sensor into findings and measurements. Owns the timer of a door that stays open.
 */
export interface Sensor {
  /** Takes up what an earlier run left, where there is anything. */
  start?(): Promise<void>;
  read(reading: Reading): void;
  stop(): void;
}

/** Whether a profile is of the class that the device says it is. */
export function isProfileOf<K extends HardwareProfile['kind']>(
  profile: HardwareProfile | undefined,
  kind: K,
): profile is ProfileOf<K> {
  return profile?.kind === kind;
}

/** The profile of a device whose configuration was checked against it. @throws Error when it was not */
export function profileOf<K extends HardwareProfile['kind']>(
  profile: HardwareProfile,
  kind: K,
): ProfileOf<K> {
  if (isProfileOf(profile, kind)) return profile;
  throw new Error(`profile ${profile.id} is no ${kind}`);
}
