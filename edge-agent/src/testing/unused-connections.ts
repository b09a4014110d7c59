import pino from 'pino';
import { type SharedConnections, sharedConnections } from '../drivers/shared-connections.ts';

/** For devices that share no connection. For tests only. */
export const unusedConnections: SharedConnections = sharedConnections({
  config: { site: 's1', gateway: 'g1', secretsFolder: '/nowhere', secretFiles: {} },
  log: pino({ level: 'silent' }),
});
