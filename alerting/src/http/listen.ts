import type { AddressInfo } from 'node:net';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { Api } from './api.ts';

/**
 * Listens, and says on which port. `path` is the setting of the port.
 * @throws WatchpostError `config.port_taken`, or `config.invalid` when the address cannot be used
 */
export async function listen(app: Api, host: string, port: number, path: string): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    throw new WatchpostError(taken ? 'config.port_taken' : 'config.invalid', {
      path,
      details: { host, port },
      cause,
    });
  }
  return (app.server.address() as AddressInfo).port;
}
