import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { BrokerService } from './broker-service.ts';
import { connectAs, nextMessage, RawClient } from './broker-testing.ts';
import { startDemoBroker } from './demo-broker.ts';

let broker: BrokerService;
afterEach(() => broker.stop());

test('anyone may use any topic but the denied one', async () => {
  broker = await startDemoBroker({ port: 0, denySubscribe: 'test/nosubscribe' });
  const client = await connectAs(broker, undefined);
  const granted = await client.subscribeAsync(['any/thing', 'test/+', '#'], { qos: 2 });
  expect(granted.map((each) => each.qos)).toEqual([2, 2, 2]);
  await expect(client.subscribeAsync('test/nosubscribe')).rejects.toThrow();
  const seen: string[] = [];
  client.on('message', (topic) => seen.push(topic));
  await client.publishAsync('test/nosubscribe', 'x', { qos: 1 });
  const arrived = nextMessage(client);
  await client.publishAsync('any/thing', 'x', { qos: 1 });
  await arrived;
  expect(seen).not.toContain('test/nosubscribe');
  await client.endAsync(true);
});

test('it listens to this computer only: another address of the same computer does not answer', async () => {
  broker = await startDemoBroker({ port: 0 });
  const socket = connect({ host: '127.0.0.2', port: broker.port, timeout: 2000 });
  const answer = await new Promise((resolve) => {
    socket.on('connect', () => resolve('connected'));
    socket.on('error', () => resolve('refused'));
    socket.on('timeout', () => resolve('refused'));
  });
  socket.destroy();
  expect(answer).toBe('refused');
});

test('shared subscriptions and writing $SYS stay refused', async () => {
  broker = await startDemoBroker({ port: 0 });
  const raw = await RawClient.open(broker);
  raw.send({
    cmd: 'connect',
    clientId: 'a',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    keepalive: 0,
  });
  await raw.next('connack');
  raw.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: '$share/g/t', qos: 1 }] });
  expect((await raw.next('suback')).granted).toEqual([0x80]);
  raw.send({ cmd: 'publish', topic: '$SYS/x', payload: '', qos: 0, dup: false, retain: false });
  await raw.end();
});
