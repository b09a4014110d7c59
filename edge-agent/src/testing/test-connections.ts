import pino from 'pino';
import {
  type SharedConnections,
  type SharedConnectionsConfig,
  sharedConnections,
} from '../drivers/shared-connections.ts';
import { rightClock } from './right-clock.ts';

/**
 * Connections of a gateway with the right time, where nothing is told of strangers and files. For tests only.
 */
export function testConnections(config: Partial<SharedConnectionsConfig> = {}): SharedConnections {
  return sharedConnections({
    config: {
      ...{ site: 's1', gateway: 'g1', dataFolder: '/nowhere', secretsFolder: '/nowhere', secretFiles: {} },
      ...config,
    },
    hooks: () => undefined,
    log: pino({ level: 'silent' }),
    clock: rightClock(),
    onStray: () => undefined,
    onUnwritable: () => undefined,
    onCorrupt: () => undefined,
  });
}
