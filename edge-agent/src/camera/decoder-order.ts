import { WatchpostError } from '@watchpost/contracts/errors';
import type { DeviceConfigOf } from '../devices/device-config.ts';
import { parseCameraAddress } from './camera-address.ts';
import type { DecoderOrder } from './frame-wire.ts';
import { readPasswordFile } from './password-file.ts';

/**
 * What a camera’s decoder is told, with the password as it is in its file now.
 * @throws WatchpostError `config.camera_password_file`, `config.camera_address`
 */
export function decoderOrder(config: DeviceConfigOf<'camera'>): DecoderOrder {
  const { loop, analysisWidth, codesWidth, fps, transport, rotation, passwordFile } = config;
  const how = { loop, analysisWidth, codesWidth, fps, transport, rotation };
  const address = parseCameraAddress(config.url);
  if (address.kind === 'file') return { ...how, url: address.path };
  const user = config.user ?? address.user;
  const password = passwordFile === undefined ? address.password : readPasswordFile(passwordFile);
  if (password !== undefined && user === undefined)
    throw new WatchpostError('config.camera_address', { details: { reason: 'password_without_user' } });
  return { ...how, url: address.url, user, password };
}
