import { expect, test } from 'vitest';
import { everybody, RawClient } from '../src/broker-testing.ts';
import { clusterPerTest } from './cluster-testing.ts';

const { node } = clusterPerTest();

test('$SYS has each node’s own numbers', async () => {
  const [a, b] = [await node({ identities: everybody }), await node({ identities: everybody })];
  const clients = [await RawClient.connected(a, 'gw1'), await RawClient.connected(a, 'gw2')];
  const readers = [
    await RawClient.connected(a, 'alerting', 'r1'),
    await RawClient.connected(b, 'alerting', 'r2'),
  ];
  const numbers = await Promise.all(
    readers.map(async (reader) => {
      reader.send({
        cmd: 'subscribe',
        messageId: 1,
        subscriptions: [{ topic: '$SYS/broker/clients/connected', qos: 0 }],
      });
      let last = '';
      const wanted = reader === readers[0] ? '3' : '1';
      while (last !== wanted) last = (await reader.next('publish')).payload.toString();
      return last;
    }),
  );
  expect(numbers).toEqual(['3', '1']);
  expect(clients.every((client) => !client.closed)).toBe(true);
});

test('alerting hears on its node of a gateway that floods another one', async () => {
  const identities = everybody;
  const limits = { telemetryPerSecond: 1 };
  const [a, b] = [await node({ identities, limits }), await node({ identities, limits })];
  const service = await RawClient.connected(b, 'alerting');
  service.send({
    ...{ cmd: 'subscribe', messageId: 1 },
    subscriptions: [{ topic: '$SYS/broker/flooding/demo/+', qos: 1 }],
  });
  await service.next('suback');
  const gateway = await RawClient.connected(a, 'gw1');
  const payload = Buffer.from('[]');
  for (let turn = 0; turn < 50; turn++)
    gateway.send({
      ...{ cmd: 'publish', topic: 'wp/1/demo/gw1/telemetry', payload },
      ...{ qos: 0, dup: false, retain: false },
    });
  expect(await service.next('publish')).toMatchObject({ topic: '$SYS/broker/flooding/demo/gw1' });
  for (const { socket } of [service, gateway]) socket.destroy();
});
