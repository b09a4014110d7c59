import type { Device, DeviceOf } from '@watchpost/contracts/site';
import type { HardwareProfile } from '@watchpost/hardware';
import { makeCamera } from './camera/make-camera.ts';
import { makeCodeReader } from './code-reader/make-code-reader.ts';
import type { DeviceContext } from './device-context.ts';
import type { DeviceHealthRecord } from './device-health.ts';
import { makeDoorContact } from './door-contact/door-contact.ts';
import type { MakeDevice } from './make-device.ts';
import type { RunningDevice } from './running-device.ts';
import { makeSmokeDetector } from './smoke/smoke-detector.ts';
import { makeTemperatureSensor } from './temperature/temperature-sensor.ts';

/** Every kind of device, by the name that the configuration gives it. */
export const deviceKinds: { readonly [K in Device['kind']]: MakeDevice<K> } = {
  camera: makeCamera,
  code_reader: makeCodeReader,
  door_contact: makeDoorContact,
  smoke: makeSmokeDetector,
  temperature: makeTemperatureSensor,
};

/** A device as its configuration and its profile describe it; not started. */
export function makeDevice<K extends Device['kind']>(
  config: DeviceOf<K> & { readonly kind: K },
  profile: HardwareProfile,
  health: DeviceHealthRecord,
  context: DeviceContext,
): RunningDevice {
  return deviceKinds[config.kind](config, profile, health, context);
}
