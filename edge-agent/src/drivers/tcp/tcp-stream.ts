import { connect, createServer, type Socket } from 'node:net';
import { scannerPolicy } from '../policy.ts';
import type { OpenStream, StreamEvents } from '../stream-scanner.ts';

/** The agent calls the reader. */
export function tcpClientStream(host: string, port: number): OpenStream {
  return (on) => {
    const socket = connect({
      host,
      port,
      keepAlive: true,
      keepAliveInitialDelay: scannerPolicy.keepAliveMs,
      noDelay: true,
    });
    socket.once('connect', () => on.opened());
    listen(socket, on);
    return () => ended(socket);
  };
}

/**
 * The reader calls the agent: one connection at a time, from addresses in `from` only. A new connection takes
 * the place of the old one, because a reader that was switched off and on again comes back before the old
 * connection is known to be dead.
 */
export function tcpServerStream(port: number, address: string, from: readonly string[]): OpenStream {
  return (on) => {
    let current: Socket | null = null;
    const server = createServer(
      { keepAlive: true, keepAliveInitialDelay: scannerPolicy.keepAliveMs, noDelay: true },
      (socket) => {
        const caller = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
        if (!from.includes(caller)) {
          socket.destroy();
          return;
        }
        const before = current;
        current = socket;
        before?.destroy();
        on.opened();
        listen(socket, {
          ...on,
          bytes: (chunk) => {
            if (current === socket) on.bytes(chunk);
          },
          closed: () => {
            if (current === socket) on.closed();
          },
        });
      },
    );
    // An address in use, or one that this machine does not have.
    server.once('error', () => on.closed());
    server.listen(port, address);
    return () =>
      new Promise((resolve) => {
        current?.destroy();
        server.close(() => resolve());
      });
  };
}

function listen(socket: Socket, on: StreamEvents): void {
  // The reason is of no use to anybody but the network's owner; `close` follows.
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => on.bytes(chunk));
  // A reader that closes its side sends no more.
  socket.once('end', () => socket.destroy());
  socket.once('close', () => on.closed());
}

function ended(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) return resolve();
    socket.once('close', () => resolve());
    socket.destroy();
  });
}
