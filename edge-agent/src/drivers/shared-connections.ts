import { join } from 'node:path';
import type { WatchpostError } from '@watchpost/contracts/errors';
import type { Logger } from 'pino';
import type { GatewayClock } from '../clock/gateway-clock.ts';
import { type SecretPlaces, secretPlace } from '../storage/secret-place.ts';
import { ModbusServers } from './modbus-tcp/modbus-servers.ts';
import { DeviceBrokers } from './mqtt/device-brokers.ts';
import { HookListener } from './webhook/hook-listener.ts';
import { HookMemory } from './webhook/hook-memory.ts';

/** Connections that several devices share. Each is opened by its first device and closed by its last. */
export interface SharedConnections {
  readonly brokers: DeviceBrokers;
  readonly hooks: HookListener;
  readonly modbus: ModbusServers;
}

/** What of the configuration shared connections need. */
export interface SharedConnectionsConfig extends SecretPlaces {
  readonly site: string;
  readonly gateway: string;
  readonly dataFolder: string;
}

export interface SharedConnectionsOptions {
  readonly config: SharedConnectionsConfig;
  /** Where devices may call at present; without a place no device that calls may be configured. */
  readonly hooks: () => { readonly address: string; readonly port: number } | undefined;
  readonly log: Logger;
  readonly clock: Pick<GatewayClock, 'nowMs' | 'isUnknown'>;
  /** Something called that is no device. */
  onStray(error: WatchpostError): void;
  /** The file could not be written. */
  onUnwritable(file: string, error: unknown): void;
  /** A damaged file was set aside under this name. */
  onCorrupt(file: string): void;
}

/** Opens nothing yet. */
export function sharedConnections(options: SharedConnectionsOptions): SharedConnections {
  const { config, hooks, log, clock, onStray, onUnwritable, onCorrupt } = options;
  const { site, gateway, dataFolder } = config;
  const place = () => hooks() ?? { address: '127.0.0.1', port: 0 };
  const fileOf = (name: string) => secretPlace(config, name);
  const memoryFile = 'hooks.sqlite';
  return {
    brokers: new DeviceBrokers({ site, gateway, log, fileOf }),
    modbus: new ModbusServers(),
    hooks: new HookListener({
      ...{ place, clock, log, fileOf, onStray },
      openMemory: () =>
        new HookMemory({
          path: join(dataFolder, memoryFile),
          onUnwritable: (error) => onUnwritable(memoryFile, error),
          onCorrupt,
        }),
    }),
  };
}
