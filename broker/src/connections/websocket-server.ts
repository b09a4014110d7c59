import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { ListenerConfig } from '../config.ts';
import { webSocketPolicy } from './policy.ts';
import { WebSocketTransport } from './websocket-transport.ts';

/**
 * Takes WebSocket handshakes for the subprotocol `mqtt` ([MQTT-6.0.0-4]) on one path. A request that a web
 * page sends is refused unless its origin is allowed: a page must not reach a broker on its reader’s
 * computer.
 */
export function acceptWebSockets(
  server: Server,
  config: Pick<ListenerConfig, 'path' | 'allowedOrigins'>,
  accept: (transport: Duplex, socket: Socket) => void,
  paced: (work: () => void) => void,
): void {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: webSocketPolicy.frameBytes,
    handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false),
  });
  server.on('upgrade', (request, socket: Socket, head) => {
    const { origin } = request.headers;
    const offered = request.headers['sec-websocket-protocol']?.split(',').map((each) => each.trim()) ?? [];
    const path = request.url?.split('?', 1)[0];
    if (path !== config.path) refuse(socket, '404 Not Found');
    else if (origin !== undefined && !config.allowedOrigins.includes(origin)) refuse(socket, '403 Forbidden');
    else if (!offered.includes('mqtt')) refuse(socket, '400 Bad Request');
    else {
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        endInTurn(socket, paced);
        accept(new WebSocketTransport(webSocket), socket);
      });
    }
  });
}

/** Thousands may leave together: what is done when the peer ends waits for its turn. */
function endInTurn(socket: Socket, paced: (work: () => void) => void): void {
  const listeners = socket.listeners('end');
  socket.removeAllListeners('end');
  socket.once('end', () =>
    paced(() => {
      for (const listener of listeners) listener.call(socket);
    }),
  );
}

function refuse(socket: Socket, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
