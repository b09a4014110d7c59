import type { Logger } from 'pino';
import { type SecretPlaces, secretPlace } from '../storage/secret-place.ts';
import { DeviceBrokers } from './mqtt/device-brokers.ts';

/** Connections that several devices share. Each is opened by its first device and closed by its last. */
export interface SharedConnections {
  readonly brokers: DeviceBrokers;
}

export interface SharedConnectionsOptions {
  readonly config: SecretPlaces & { readonly site: string; readonly gateway: string };
  readonly log: Logger;
}

/** Opens nothing yet. */
export function sharedConnections({ config, log }: SharedConnectionsOptions): SharedConnections {
  const { site, gateway } = config;
  const fileOf = (name: string) => secretPlace(config, name);
  return { brokers: new DeviceBrokers({ site, gateway, log, fileOf }) };
}
