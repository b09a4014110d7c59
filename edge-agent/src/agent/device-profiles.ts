import { WatchpostError } from '@watchpost/contracts/errors';
import type { Device } from '@watchpost/contracts/site';
import type { HardwareProfile } from '@watchpost/hardware';

/**
 * The profile of a device. `path` is where the device stands in what the gateway is told.
 * @throws WatchpostError `config.invalid` for one that is unknown or does not fit
 */
export function profileOf(
  device: Device,
  known: ReadonlyMap<string, HardwareProfile>,
  path: string,
): HardwareProfile {
  const complain = (expected: string) =>
    new WatchpostError('config.invalid', {
      path: `${path}/profile`,
      details: { profile: device.profile, expected },
    });
  const profile = known.get(device.profile);
  if (!profile) throw complain([...known.keys()].join(' '));
  if (profile.kind !== device.kind) throw complain(`a profile of a ${device.kind}`);
  if (!profile.drivers.includes(device.connect.driver))
    throw complain(`a profile with the driver ${device.connect.driver}`);
  return profile;
}
