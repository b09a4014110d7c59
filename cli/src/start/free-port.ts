import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { WatchpostError } from '@watchpost/contracts/errors';

/**
 * Where a port is looked for when any will do: below the ports that the system gives to outgoing connections.
 * One of those may be given away again before its service listens.
 */
const anyFrom = 15_000;
/** The first port of outgoing connections, where the system does not say it: Linux’s own default. */
const outgoingFrom = 32_768;
const triesOfAny = 50;

/**
 * A port that is free right now: `wanted`, or any when it is 0.
 * @throws WatchpostError naming the setting: `config.port_taken`, or `config.invalid` with what the system
 *   says
 */
export async function freePort(wanted: number, setting: string, host = '127.0.0.1'): Promise<number> {
  const below = firstOutgoing();
  if (wanted === 0 && below > anyFrom)
    for (let tries = 0; tries < triesOfAny; tries++) {
      const port = randomInt(anyFrom, below);
      if (await listens(port, host).catch(() => false)) return port;
    }
  return await listens(wanted, host).catch((cause: NodeJS.ErrnoException) => {
    const path = `/${setting}`;
    if (cause.code === 'EADDRINUSE')
      throw new WatchpostError('config.port_taken', { path, details: { port: wanted }, cause });
    // Such as EACCES for a port below 1024, or EADDRNOTAVAIL for an address that this computer has not.
    const details = { host, port: wanted, found: cause.code ?? cause.message };
    throw new WatchpostError('config.invalid', { path, details, cause });
  });
}

/** Listens for a moment; the port that it was. */
function listens(wanted: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port: wanted, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : wanted));
    });
  });
}

function firstOutgoing(): number {
  try {
    return (
      Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10) || outgoingFrom
    );
  } catch {
    return outgoingFrom;
  }
}
