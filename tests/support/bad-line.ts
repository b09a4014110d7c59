import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** A line to a server that can be made to fail in the ways in which lines fail. */
export interface BadLine {
  /** The same address, over this line. */
  readonly url: string;
  /**
   * From now on no byte arrives on either side, and nobody is told: as when a router forgets its connections.
   */
  blackhole(): void;
  /** Everything breaks, and nothing can be connected, until {@link BadLine.restore}. */
  cut(): void;
  restore(): void;
  /** When the last byte went to the client, milliseconds since the epoch. */
  readonly lastByteAt: () => number;
  close(): void;
}

/** Puts a line before a server. */
export async function badLine(target: string): Promise<BadLine> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  let mode: 'good' | 'blackhole' | 'cut' = 'good';
  let lastByteAt = 0;
  const server = createServer((client) => {
    client.on('error', () => undefined);
    if (mode === 'cut') return client.destroy();
    const upstream = connect(Number(port), hostname);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    upstream.on('error', () => client.destroy());
    client.on('data', (bytes) => mode !== 'blackhole' && upstream.write(bytes));
    upstream.on('data', (bytes) => {
      if (mode === 'blackhole') return;
      lastByteAt = Date.now();
      client.write(bytes);
    });
    const end = () => {
      if (mode === 'blackhole') return;
      client.destroy();
      upstream.destroy();
      pairs.delete(pair);
    };
    client.on('close', end);
    upstream.on('close', end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const breakAll = () => {
    for (const [client, upstream] of pairs) {
      client.destroy();
      upstream.destroy();
    }
    pairs.clear();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    blackhole: () => {
      mode = 'blackhole';
    },
    cut: () => {
      mode = 'cut';
      breakAll();
    },
    restore: () => {
      // What was swallowed cannot be made good: these connections are dead for ever.
      if (mode === 'blackhole') breakAll();
      mode = 'good';
    },
    lastByteAt: () => lastByteAt,
    close: () => {
      breakAll();
      server.close();
    },
  };
}
