import { WatchpostError } from '@watchpost/contracts/errors';
import type { DeviceOf } from '@watchpost/contracts/site';
import { parseCameraAddress } from '@watchpost/contracts/site';
import type { DecoderOrder } from './frame-wire.ts';
import { readPasswordFile } from './password-file.ts';

/**
 * What a camera’s decoder is told, with the password as it is in its file now.
 * @param fileOf where the secret of a name is
 * @throws WatchpostError `config.camera_password_file`, `config.camera_address`
 */
export function decoderOrder(config: DeviceOf<'camera'>, fileOf: (secret: string) => string): DecoderOrder {
  const { connect, analysisWidth, codesWidth, fps, rotation } = config;
  const how = {
    ...{ analysisWidth, codesWidth, fps, rotation },
    loop: connect.driver === 'file' && connect.loop,
    transport: connect.driver === 'rtsp' ? connect.transport : 'auto',
  } as const;
  const address = parseCameraAddress(connect.url);
  if (connect.driver === 'file' || address.kind === 'file') return { ...how, url: connect.url.trim() };
  const user = connect.user ?? address.user;
  const password = connect.password ? readPasswordFile(fileOf(connect.password.secret)) : address.password;
  if (password !== undefined && user === undefined)
    throw new WatchpostError('config.camera_address', { details: { reason: 'password_without_user' } });
  return { ...how, url: address.url, user, password };
}
