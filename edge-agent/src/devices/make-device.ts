import type { Device, DeviceOf } from '@watchpost/contracts/site';
import type { HardwareProfile } from '@watchpost/hardware';
import type { DeviceContext } from './device-context.ts';
import type { DeviceHealthRecord } from './device-health.ts';
import type { RunningDevice } from './running-device.ts';

/** Makes a device of one kind as its configuration and its profile describe it; not started. */
export type MakeDevice<K extends Device['kind']> = (
  config: DeviceOf<K>,
  profile: HardwareProfile,
  health: DeviceHealthRecord,
  context: DeviceContext,
) => RunningDevice;
