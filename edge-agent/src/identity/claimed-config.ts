import type { EdgeAgentConfigInput } from '../config.ts';
import type { ClaimedServer } from './server-file.ts';

/**
 * The configuration of a gateway that was claimed into a folder and needs nothing else: files are relative to
 * the folder, its devices come from the server.
 */
export function claimedConfig({ site, gateway, broker, door, keys }: ClaimedServer): EdgeAgentConfigInput {
  return {
    site,
    gateway,
    dataFolder: 'data',
    broker: {
      url: broker,
      caFile: 'ca.pem',
      certFile: 'gateway.pem',
      keyFile: 'gateway.pem',
      renewUrl: door,
    },
    devices: [],
    told: { door, keys: keys.map(({ kid, publicKey }) => ({ kid, publicKey })) },
  };
}
