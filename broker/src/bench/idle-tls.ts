import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { TestSite } from '@watchpost/identity/testing/test-site';
import { LeanClient } from './lean-client.ts';
import { benchConfig, residentBytes, startOurs } from './subjects.ts';
import type { Figure, Progress } from './throughput.ts';

async function open(port: number, count: number, from: number): Promise<TLSSocket[]> {
  const sockets: TLSSocket[] = [];
  for (let batch = 0; batch < count; batch += 50) {
    const opened = Array.from({ length: Math.min(50, count - batch) }, async (_each, index) => {
      const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
      await new Promise<void>((resolve, reject) =>
        socket.once('secureConnect', resolve).once('error', reject),
      );
      await LeanClient.over(socket, { clientId: `idle${from + batch + index}`, username: 'gw1' });
      return socket;
    });
    sockets.push(...(await Promise.all(opened)));
  }
  return sockets;
}

/**
 * What 2000 clients over TLS cost that are connected and say nothing: growth of the broker’s resident memory.
 */
export async function benchIdleTls(progress: Progress, count = 2000): Promise<Figure[]> {
  const site = await TestSite.create();
  const ours = await startOurs(benchConfig({ listeners: [{ type: 'tls', port: 0, tls: site.tls }] }));
  const sockets: TLSSocket[] = [];
  try {
    const [port = 0] = ours.ports;
    sockets.push(...(await open(port, 50, 0))); // compiles
    await delay(1000);
    const before = residentBytes(ours.pid);
    sockets.push(...(await open(port, count, 50)));
    await delay(3000);
    const grown = residentBytes(ours.pid) - before;
    progress(`${count} connections, resident memory grew by ${(grown / 1024 / 1024).toFixed(0)} MiB`);
    return [{ figure: 'idle_tls_kb', value: grown / 1024 / count, unit: 'KiB per connection', n: count }];
  } finally {
    for (const socket of sockets) socket.destroy();
    await ours.stop();
    await site.remove();
  }
}
