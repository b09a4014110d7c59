import type { Socket } from 'node:net';
import type { Api } from './api.ts';
import { answerPolicy } from './policy.ts';

/**
 * Makes closing end: an upgraded connection whose other side never answers the closing handshake would hold
 * the close back for half a minute.
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
    }, answerPolicy.closeGraceMs).unref();
  });
}
