import type { SerialConnect } from '@watchpost/contracts/site';
import type { OpenStream } from '../stream-scanner.ts';

type SerialSettings = Omit<SerialConnect, 'driver'>;

/**
 * A serial port. The native package is loaded when the first port is opened: an agent without one does not
 * pay for it.
 */
export function serialStream({ path, baud, dataBits, parity, stopBits }: SerialSettings): OpenStream {
  return (on) => {
    let wanted = true;
    const opening = import('serialport').then(({ SerialPort }) => {
      if (!wanted) return null;
      const port = new SerialPort({ path, baudRate: baud, dataBits, parity, stopBits, autoOpen: false });
      port.on('data', (chunk: Buffer) => on.bytes(chunk));
      port.on('error', () => undefined);
      port.on('close', () => on.closed());
      port.open((error) => (error ? on.closed() : on.opened()));
      return port;
    });
    opening.catch(() => on.closed());
    return async () => {
      wanted = false;
      const port = await opening.catch(() => null);
      if (!port) return;
      // `open` cannot be cancelled, only undone.
      if (port.opening)
        await new Promise<void>(
          (resolve) => void port.once('open', () => resolve()).once('error', () => resolve()),
        );
      if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
    };
  };
}
