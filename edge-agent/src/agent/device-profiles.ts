import { WatchpostError } from '@watchpost/contracts/errors';
import type { Device } from '@watchpost/contracts/site';
import type { HardwareProfile } from '@watchpost/hardware';
import type { EdgeAgentConfig } from '../config.ts';

/**
 * The profile of each device by the device's id. @throws WatchpostError `config.invalid` for one that is
 * unknown or does not fit
 */
export function profilesOf(
  { devices }: EdgeAgentConfig,
  known: ReadonlyMap<string, HardwareProfile>,
): ReadonlyMap<string, HardwareProfile> {
  const complain = (index: number, device: Device, expected: string) =>
    new WatchpostError('config.invalid', {
      path: `/devices/${index}/profile`,
      details: { profile: device.profile, expected },
    });
  return new Map(
    devices.map((device, index) => {
      const profile = known.get(device.profile);
      if (!profile) throw complain(index, device, [...known.keys()].join(' '));
      if (profile.kind !== device.kind) throw complain(index, device, `a profile of a ${device.kind}`);
      if (!profile.drivers.includes(device.connect.driver))
        throw complain(index, device, `a profile with the driver ${device.connect.driver}`);
      return [device.id, profile];
    }),
  );
}
