import type { Server } from 'node:net';

export interface AddressShareOptions {
  /** Open connections of one address, at most. */
  readonly connections: number;
  /** Addresses that may have more: a reverse proxy stands for many people. */
  readonly isExempt?: (address: string) => boolean;
  /** Called for each connection that was closed at once. */
  readonly refused?: (address: string) => void;
}

/**
 * Closes connections of an address that has its share already, so that one address cannot take all of them.
 */
export function limitPerAddress(server: Server, options: AddressShareOptions): void {
  const { connections, isExempt = () => false, refused = () => undefined } = options;
  const open = new Map<string, number>();
  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    const count = open.get(address) ?? 0;
    if (count >= connections && !isExempt(address)) {
      refused(address);
      socket.destroy();
      return;
    }
    open.set(address, count + 1);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
}
