import { createServer } from 'node:net';
import { Aedes } from 'aedes';

/** Aedes as it comes: what our broker is measured against. */
const aedes = await Aedes.createBroker();
const server = createServer({ noDelay: true }, aedes.handle).listen(0, '127.0.0.1', () => {
  process.send?.({ ready: true, port: (server.address() as { port: number }).port });
});
process.on('disconnect', () => process.exit(0));
