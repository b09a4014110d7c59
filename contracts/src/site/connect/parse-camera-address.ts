import { WatchpostError } from '../../errors/watchpost-error.ts';
import { type CameraAddress, readCameraAddress } from './camera-address.ts';

/**
 * As {@link readCameraAddress}. Nothing of the address is in the error, because it may hold a password.
 * @throws WatchpostError `config.camera_address` whose `details.reason` says what is wrong
 */
export function parseCameraAddress(text: string, path?: string): CameraAddress {
  const address = readCameraAddress(text);
  if (address.kind !== 'refused') return address;
  const details = { reason: address.reason };
  throw new WatchpostError('config.camera_address', { ...(path ? { path } : {}), details });
}
