import { createServer } from 'node:net';
import { WatchpostError } from '@watchpost/contracts/errors';

/**
 * A port that is free right now: `wanted`, or any when it is 0.
 * @throws WatchpostError `config.port_taken` naming the setting
 */
export function freePort(wanted: number, setting: string, host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const code = cause.code === 'EADDRINUSE' ? 'config.port_taken' : 'config.invalid';
      reject(new WatchpostError(code, { path: `/${setting}`, details: { port: wanted }, cause }));
    });
    server.listen({ host, port: wanted, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : wanted));
    });
  });
}
