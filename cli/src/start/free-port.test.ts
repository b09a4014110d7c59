import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from './free-port.ts';

test.skipIf(process.platform !== 'linux')(
  'any port is one that no outgoing connection can be given meanwhile',
  async () => {
    const range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/).map(Number);
    const [first = 0] = range;
    const ports = await Promise.all(Array.from({ length: 200 }, () => freePort(0, 'WATCHPOST_HTTP_PORT')));
    expect(ports.filter((port) => port >= first || port < 1_024)).toEqual([]);
  },
);

test('a port that somebody wants is that one, or taken', async () => {
  const port = await freePort(0, 'WATCHPOST_HTTP_PORT');
  expect(await freePort(port, 'WATCHPOST_HTTP_PORT')).toBe(port);
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  try {
    await expect(freePort(port, 'WATCHPOST_HTTP_PORT')).rejects.toMatchObject({
      code: 'config.port_taken',
      path: '/WATCHPOST_HTTP_PORT',
    });
  } finally {
    other.close();
  }
});
