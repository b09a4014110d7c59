import { connect as connectTcp } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BrokerService, startBroker } from '../broker-service.ts';
import { connectAs, connectPacket, everybody, metric, RawClient, until } from '../broker-testing.ts';

const up = 'wp/1/demo/gw1/up';

let broker: BrokerService;
beforeEach(async () => {
  broker = await startBroker({ port: 0, identities: everybody, limits: { connectTimeoutMs: 300 } });
});
afterEach(() => broker.stop());

/** Publishes and hears messages while `trouble` goes on; gives back how many of how many came. */
async function meanwhile(trouble: () => Promise<void>): Promise<{ sent: number; heard: number }> {
  const receiver = await connectAs(broker, 'alerting');
  const gateway = await connectAs(broker, 'gw1');
  let [sent, heard, going] = [0, 0, true];
  receiver.on('message', () => heard++);
  await receiver.subscribeAsync(up, { qos: 1 });
  const talking = (async () => {
    while (going) {
      await gateway.publishAsync(up, '{}', { qos: 1 });
      sent++;
    }
  })();
  await trouble();
  going = false;
  await talking;
  await until(() => heard === sent);
  await Promise.all([receiver.endAsync(true), gateway.endAsync(true)]);
  return { sent, heard };
}

test('a storm of reconnecting clients leaves nothing behind and disturbs nobody', async () => {
  const { sent, heard } = await meanwhile(async () => {
    for (let wave = 0; wave < 5; wave++) {
      const clients = await Promise.all(
        Array.from({ length: 60 }, async (_each, index) => {
          const raw = await RawClient.open(broker);
          raw.send(connectPacket(`storm${index}`, { username: 'gw2', password: Buffer.from('gw2') }));
          await raw.next('connack');
          return raw;
        }),
      );
      for (const raw of clients) raw.socket.destroy();
    }
  });
  expect(heard).toBe(sent);
  expect(sent).toBeGreaterThan(0);
  await expect.poll(() => metric(broker, 'watchpost_broker_connections')).toBe(0);
  expect(await metric(broker, 'watchpost_broker_clients')).toBe(0);
  expect(await metric(broker, 'watchpost_broker_sessions')).toBe(0);
});

test('connections that say nothing or say it slowly end in time', async () => {
  const { sent, heard } = await meanwhile(async () => {
    const sockets = Array.from({ length: 60 }, () => connectTcp(broker.port, '127.0.0.1'));
    const closed = sockets.map(
      (socket) => new Promise((resolve) => socket.on('close', resolve).on('error', () => 0)),
    );
    // half of them begin a CONNECT of 127 bytes and send one byte of it at a time
    const slow = sockets.slice(0, 30);
    for (const socket of slow) socket.write(Buffer.from([0x10, 0x7f]));
    const drip = setInterval(() => {
      for (const socket of slow) socket.write(Buffer.from([0]));
    }, 50);
    for (const socket of sockets) socket.resume();
    await Promise.all(closed);
    clearInterval(drip);
  });
  expect(heard).toBe(sent);
  expect(await metric(broker, 'watchpost_broker_refused_total{reason="connect_timeout"}')).toBe(60);
});

test('a client that floods is slowed down, and others are heard', async () => {
  const flooder = await RawClient.connected(broker, 'gw2');
  const packet = {
    cmd: 'publish',
    topic: 'wp/1/demo/gw2/up',
    payload: Buffer.alloc(100),
    qos: 0,
    dup: false,
    retain: false,
  } as const;
  const { sent, heard } = await meanwhile(async () => {
    for (let turn = 0; turn < 30_000; turn++) flooder.send(packet);
    await expect
      .poll(() => metric(broker, 'watchpost_broker_throttled_total'), { timeout: 10_000 })
      .toBeGreaterThan(0);
  });
  expect(heard).toBe(sent);
  flooder.socket.destroy();
});
