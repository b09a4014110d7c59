import { WatchpostError } from '@watchpost/contracts/errors';
import { type TellGatewaysOptions, tellGateways } from '@watchpost/identity/telling';
import { runService } from '@watchpost/service';

type DoorConfig = Omit<TellGatewaysOptions, 'logger' | 'registry' | 'nowMs' | 'onHealth'>;

/** The file is written by the server that starts us. */
function parseConfig(value: unknown): DoorConfig {
  if (typeof value !== 'object' || value === null || !('sites' in value) || !Array.isArray(value.sites))
    throw new WatchpostError('config.invalid', { path: '/sites' });
  return value as DoorConfig;
}

// The gateway door as a process of its own: the only one that holds the authorities’ keys. SIGHUP takes what
// gateways are told from its configuration anew.
await runService({
  name: 'gateway-door',
  parse: parseConfig,
  start: (config, logger) =>
    tellGateways({
      ...config,
      logger,
      nowMs: () => Date.now(),
      onHealth: (health) => process.send?.({ health }),
    }),
  reload: (door, { sites }) => door.tell(sites),
  announce: ({ port }) => ({ port }),
});
