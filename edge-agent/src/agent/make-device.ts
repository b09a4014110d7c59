import type { HardwareProfile } from '@watchpost/hardware';
import type { DeviceConfig } from '../config.ts';
import type { DeviceHealthRecord } from '../domain/device-health.ts';
import { makeCamera } from './make-camera.ts';
import { makeCodeReader } from './make-code-reader.ts';
import { makeSimulated, type SimulatedSurroundings } from './make-simulated.ts';
import type { RunningDevice } from './running-device.ts';

/** A device as its configuration and its profile describe it; not started. */
export function makeDevice(
  device: DeviceConfig,
  profile: HardwareProfile,
  health: DeviceHealthRecord,
  around: SimulatedSurroundings,
): RunningDevice {
  switch (device.kind) {
    case 'camera':
      return makeCamera(device, profile, health, around);
    case 'code_reader':
      return makeCodeReader(device, profile, health, around);
    default:
      return makeSimulated(device, profile, health, around);
  }
}
