import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { TestSite } from '@watchpost/identity/testing/test-site';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BrokerService, startBroker } from './broker-service.ts';
import { connectAs, connectPacket, everybody, metric, RawClient } from './broker-testing.ts';

let site: TestSite;
let broker: BrokerService;
const sockets: Socket[] = [];
beforeEach(async () => {
  site = await TestSite.create();
  broker = await startBroker({
    port: 0,
    identities: everybody,
    certificates: { site: 'demo' },
    listeners: [
      { type: 'tls', port: 0, tls: site.mutualTls },
      { type: 'ws', port: 0 },
    ],
    limits: { connectionsPerAddress: 50, connectTimeoutMs: 120_000 },
  });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await broker.stop();
  await site.remove();
});
const refused = (reason: string) => metric(broker, `watchpost_broker_refused_total{reason="${reason}"}`);

/** Opens connections and says so much on each. */
async function crowd(port: number, count: number, says?: string | Buffer): Promise<void> {
  for (let index = 0; index < count; index++) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
    if (says !== undefined) socket.write(says);
  }
}

test.each([
  ['nothing', undefined, 0],
  ['the beginning of a CONNECT', Buffer.from([0x10, 0x7f, 0]), 0],
  ['nothing, where TLS is expected', undefined, 1],
  ['half a WebSocket handshake', 'GET /mqtt HTTP/1.1\r\nHost: x\r\n', 2],
] as const)(
  'many connections that say %s keep nobody out, from the same address neither',
  async (_what, says, place) => {
    const port = [broker.port, ...broker.ports][place] ?? 0;
    const before = await connectAs(broker, 'alerting');
    await crowd(port, 120, says);
    const client = await connectAs(broker, 'gw1');
    expect(await refused('idle')).toBeGreaterThan(50);
    expect(before.connected).toBe(true);
    await Promise.all([before.endAsync(true), client.endAsync(true)]);
  },
);

test('and a gateway comes in over TLS', async () => {
  const [tls = 0] = broker.ports;
  await crowd(tls, 120);
  const gateway = connectTls({
    port: tls,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    ...(await site.gateway('gw1')),
  });
  sockets.push(gateway);
  const client = new RawClient(gateway);
  client.send(connectPacket('gw1'));
  expect(await client.next('connack')).toMatchObject({ returnCode: 0 });
});

test('wrong secrets are tried slowly, the right one is let in meanwhile, and no secret is in a metric', async () => {
  const owner = await connectAs(broker, 'alerting', { clientId: 'alerting-demo' });
  await owner.endAsync();
  let [going, looked] = [true, 0];
  const startMs = performance.now();
  const guessers = Array.from({ length: 20 }, async (_each, index) => {
    while (going) {
      const raw = await RawClient.open(broker);
      sockets.push(raw.socket);
      raw.send(connectPacket(`g${index}`, { username: 'alerting', password: Buffer.from('geheim') }));
      const answer = await raw.next('connack').catch(() => undefined);
      if (answer?.returnCode === 4) looked++;
      raw.socket.destroy();
    }
  });
  await expect
    .poll(() => metric(broker, 'watchpost_broker_attempts_delayed_total'), { timeout: 20_000 })
    .toBeGreaterThan(0);
  const back = await connectAs(broker, 'alerting', { clientId: 'alerting-demo' });
  const newcomer = await connectAs(broker, 'alerting', { clientId: 'other' });
  going = false;
  const seconds = (performance.now() - startMs) / 1000;
  await Promise.all(guessers);
  // a burst of 10, then 5 a second
  expect(looked).toBeLessThanOrEqual(10 + 5 * (seconds + 10));
  expect(await broker.metrics()).not.toContain('geheim');
  await Promise.all([back.endAsync(true), newcomer.endAsync(true)]);
});
