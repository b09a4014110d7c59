import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { WatchpostError } from '@watchpost/contracts/errors';
import { shortSocketPath } from './socket-path.ts';

/** Answers requests of programs of the same user on this computer. */
export interface LocalServer {
  /** Cuts the connections that are open. */
  stop(): Promise<void>;
}

export interface LocalListenOptions {
  /** At once; more are closed as they come. */
  readonly connections: number;
  /** Whether the other end may close its half before it has the answer. */
  readonly allowHalfOpen: boolean;
}

/**
 * Listens on a socket file that only its owner may use (mode 0600), in a folder that nobody else may enter.
 * What an earlier process left there is taken away, so whoever calls must hold the lock of the folder.
 * @throws WatchpostError `config.data_folder`
 */
export async function listenLocally(
  path: string,
  { connections, allowHalfOpen }: LocalListenOptions,
  onConnection: (socket: Socket) => void,
): Promise<LocalServer> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen }, (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    onConnection(socket);
  });
  server.maxConnections = connections;
  const short = shortSocketPath(path);
  try {
    rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(short.path, resolve);
    });
    chmodSync(path, 0o600);
  } catch (cause) {
    server.close();
    short.release();
    throw new WatchpostError('config.data_folder', { path, cause });
  }
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          rmSync(path, { force: true });
          short.release();
          resolve();
        });
        for (const socket of open) socket.destroy();
      }),
  };
}
