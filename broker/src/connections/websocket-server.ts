import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { ListenerConfig } from '../config.ts';
import { readOneRequest } from './one-request.ts';
import { webSocketPolicy } from './policy.ts';
import { WebSocketTransport } from './websocket-transport.ts';

export interface WebSocketEvents {
  /** A connection in which MQTT may be spoken; `connectCame` is to be told when its CONNECT is whole. */
  accept(transport: Duplex, socket: Socket, connectCame: () => void): void;
  /** It sends frames faster than it may. */
  throttled(socket: Socket): void;
  /** Too much comes before CONNECT. */
  tooLarge(socket: Socket): void;
  /** It does not speak HTTP. */
  malformed(socket: Socket): void;
  /** Does work that comes in thousands, soon. */
  paced(work: () => void): void;
}

/**
 * Takes WebSocket handshakes for the subprotocol `mqtt` ([MQTT-6.0.0-4]) on one path. A request that a web
 * page sends is refused unless its origin is allowed: a page must not reach a broker on its reader’s
 * computer. One frame of a client is looked at per turn of the event loop, because a chunk holds ten
 * thousand. Returns what takes a connection on which a handshake is to come.
 */
export function webSocketServer(
  config: Pick<ListenerConfig, 'path' | 'allowedOrigins'>,
  messagesPerSecond: number,
  events: WebSocketEvents,
): (socket: Socket) => void {
  const http = createServer((request, response) => {
    response.writeHead(426, { connection: 'close' }).end();
    request.socket.destroySoon();
  });
  http.on('clientError', (_error, socket: Socket) => {
    if (!socket.destroyed) events.malformed(socket);
    socket.destroy();
  });
  /** What came behind the request. */
  const rests = new WeakMap<Socket, Buffer>();
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    allowSynchronousEvents: false,
    maxPayload: webSocketPolicy.frameBytes,
    maxFragments: webSocketPolicy.fragments,
    maxBufferedChunks: webSocketPolicy.pieces,
    handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false),
  });
  const framesPerSecond = messagesPerSecond * webSocketPolicy.framesPerMessage;
  http.on('upgrade', (request, socket: Socket, head) => {
    const { origin } = request.headers;
    const offered = request.headers['sec-websocket-protocol']?.split(',').map((each) => each.trim()) ?? [];
    const path = request.url?.split('?', 1)[0];
    if (path !== config.path) refuse(socket, '404 Not Found');
    else if (origin !== undefined && !config.allowedOrigins.includes(origin)) refuse(socket, '403 Forbidden');
    else if (!offered.includes('mqtt')) refuse(socket, '400 Bad Request');
    else {
      const rest = rests.get(socket) ?? Buffer.alloc(0);
      sockets.handleUpgrade(request, socket, Buffer.concat([head, rest]), (webSocket) => {
        endInTurn(socket, events.paced);
        const connectCame = watchBytes(socket, () => events.tooLarge(socket));
        const throttled = () => events.throttled(socket);
        const transport = new WebSocketTransport(webSocket, { framesPerSecond, throttled });
        events.accept(transport, socket, connectCame);
      });
    }
  });
  return (socket) =>
    readOneRequest(socket, {
      whole: (rest) => {
        rests.set(socket, rest);
        http.emit('connection', socket);
        socket.resume(); // HTTP takes a socket as flowing
      },
      tooLarge: () => events.tooLarge(socket),
    });
}

/** Counts what comes, until the function that it returns is called. */
function watchBytes(socket: Socket, tooLarge: () => void): () => void {
  let bytes = 0;
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > webSocketPolicy.bytesBeforeConnect) tooLarge();
  };
  socket.on('data', count);
  return () => socket.off('data', count);
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
