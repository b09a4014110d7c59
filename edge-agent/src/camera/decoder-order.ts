import { X509Certificate } from 'node:crypto';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type CameraTls, type DeviceOf, parseCameraAddress } from '@watchpost/contracts/site';
import { readSecretText } from '../storage/secret-place.ts';
import type { DecoderOrder } from './frame-wire.ts';
import { readPasswordFile } from './password-file.ts';
import type { CertificateCheck } from './tls/certificate-check.ts';

/**
 * What a camera’s decoder is told, with the password as it is in its file now.
 * @param fileOf where the secret of a name is
 * @throws WatchpostError `config.camera_password_file`, `config.camera_address`,
 *   `config.secret_file` for an authority that cannot be read
 */
export function decoderOrder(config: DeviceOf<'camera'>, fileOf: (secret: string) => string): DecoderOrder {
  const { connect, analysisWidth, codesWidth, fps, rotation, masks } = config;
  const how = {
    ...{ analysisWidth, codesWidth, fps, rotation },
    masks: masks?.map(({ outline }) => outline),
    loop: connect.driver === 'file' && connect.loop,
    transport: connect.driver === 'rtsp' ? connect.transport : 'auto',
  } as const;
  const address = parseCameraAddress(connect.url);
  if (connect.driver === 'file' || address.kind === 'file') return { ...how, url: connect.url.trim() };
  const user = connect.user ?? address.user;
  const password = connect.password ? readPasswordFile(fileOf(connect.password.secret)) : address.password;
  if (password !== undefined && user === undefined)
    throw new WatchpostError('config.camera_address', { details: { reason: 'password_without_user' } });
  return { ...how, url: address.url, user, password, certificate: certificateCheck(connect.tls, fileOf) };
}

function certificateCheck(tls: CameraTls | undefined, fileOf: (secret: string) => string): CertificateCheck {
  if (tls?.pin !== undefined) return { by: 'pin', pin: tls.pin };
  if (tls?.verify === false) return { by: 'nothing' };
  if (tls?.ca === undefined) return { by: 'authorities' };
  return { by: 'authorities', authority: readAuthority(fileOf(tls.ca.secret)) };
}

function readAuthority(file: string): string {
  const pem = readSecretText(file);
  try {
    return new X509Certificate(pem).toString();
  } catch (cause) {
    throw new WatchpostError('config.secret_file', {
      ...{ path: file, cause },
      details: { expected: 'a certificate (PEM)' },
    });
  }
}
