import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Device } from '@watchpost/contracts/site';
import type { EdgeAgentConfig } from './config.ts';
import { resolveAccess } from './identity/broker-access.ts';

/** A configuration with absolute paths; they were relative to `folder`. */
export function resolveFiles(config: EdgeAgentConfig, folder: string): EdgeAgentConfig {
  const { gallery, models, told } = config;
  return {
    ...config,
    dataFolder: resolve(folder, config.dataFolder),
    broker: resolveAccess(config.broker, (file) => resolve(folder, file)),
    ...(gallery
      ? { gallery: { file: resolve(folder, gallery.file), keysFile: resolve(folder, gallery.keysFile) } }
      : {}),
    ...(told?.local ? { told: { ...told, local: resolveLocal(folder, told.local) } } : {}),
    models: models.filesFrom ? { ...models, filesFrom: resolve(folder, models.filesFrom) } : models,
    devices: config.devices.map((device) => resolveDevice(folder, device)),
    secretsFolder: resolve(folder, config.secretsFolder),
    secretFiles: Object.fromEntries(
      Object.entries(config.secretFiles).map(([name, file]) => [name, resolve(folder, file)]),
    ),
  };
}

type Local = NonNullable<NonNullable<EdgeAgentConfig['told']>['local']>;

const resolveLocal = (folder: string, { caFile, certFile }: Local): Local => ({
  caFile: resolve(folder, caFile),
  certFile: resolve(folder, certFile),
});

/** The same of one device. */
export function resolveDevice(folder: string, device: Device): Device {
  if (device.kind !== 'camera' || device.connect.driver !== 'file') return device;
  const { connect } = device;
  return { ...device, connect: { ...connect, url: resolveVideo(folder, connect.url) } };
}

function resolveVideo(folder: string, url: string): string {
  const path = url.trim();
  return /^file:/i.test(path) ? fileURLToPath(path) : resolve(folder, path);
}
