import type { Socket } from 'node:net';
import type { Api } from './api.ts';

/** How long connections may take to end by themselves when the server closes. */
const graceMs = 1_000;

/**
 * Makes closing end: an upgraded connection whose other side never answers the closing handshake would hold the close
 * back for half a minute.
 */
export function endConnections(app: Api): void {
  const open = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  app.addHook('preClose', async () => {
    setTimeout(() => {
      for (const socket of open) socket.destroy();
    }, graceMs).unref();
  });
}
