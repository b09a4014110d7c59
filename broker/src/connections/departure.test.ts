import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { TestSite } from '@watchpost/identity/testing/test-site';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { afterEach, expect, test } from 'vitest';
import { createWebSocketStream, WebSocket } from 'ws';
import { type BrokerService, startBroker } from '../broker-service.ts';
import { connectAs, connectPacket, everybody, metric, RawClient, until } from '../broker-testing.ts';

let broker: BrokerService;
afterEach(() => broker.stop());

const up = 'wp/1/demo/gw1/up';
const state = 'wp/1/demo/gw1/state';

const hello = connectPacket('gw1', {
  username: 'gw1',
  password: Buffer.from('gw1'),
  will: { topic: state, payload: Buffer.from('dead'), qos: 0, retain: false },
});
const message = (index: number): Packet => ({
  cmd: 'publish',
  topic: up,
  payload: `${index}`,
  qos: 0,
  dup: false,
  retain: false,
});

/** Sends everything at once and is gone, as a program does that ends right after its last message. */
async function sayAndLeave(how: 'end' | 'reset', ...packets: Packet[]): Promise<void> {
  const raw = await RawClient.open(broker);
  raw.send(Buffer.concat([hello, ...packets].map((packet) => mqttPacket.generate(packet))));
  if (how === 'end') raw.socket.end();
  else setTimeout(() => raw.socket.resetAndDestroy(), 20);
}

async function listen(): Promise<{ heard: string[] }> {
  const client = await connectAs(broker, 'alerting');
  const heard: string[] = [];
  client.on('message', (_topic, payload) => heard.push(payload.toString()));
  await client.subscribeAsync([up, state], { qos: 0 });
  return { heard };
}

const numbers = (count: number) => Array.from({ length: count }, (_each, index) => `${index}`);

test.each([
  ['and more than the rate', { messagesPerSecond: 400 }],
  ['at full speed', {}],
])('all messages of a client that leaves at once arrive, %s, and no will', async (_what, limits) => {
  broker = await startBroker({ port: 0, identities: everybody, limits });
  const { heard } = await listen();
  await sayAndLeave('end', ...numbers(1000).map((_each, index) => message(index)), { cmd: 'disconnect' });
  await until(() => heard.length >= 1000);
  await (await connectAs(broker, 'gw1', { clientId: 'after' })).publishAsync(up, 'after', { qos: 1 });
  await until(() => heard.includes('after'));
  expect(heard).toEqual([...numbers(1000), 'after']);
});

test('what came before a connection broke is delivered, and then the will', async () => {
  broker = await startBroker({ port: 0, identities: everybody, limits: { messagesPerSecond: 100 } });
  const { heard } = await listen();
  await sayAndLeave('reset', ...numbers(250).map((_each, index) => message(index)));
  await until(() => heard.includes('dead'));
  expect(heard).toEqual([...numbers(250), 'dead']);
});

test('fifty clients of each kind leave together without a word: their wills come, and nothing of them stays', async () => {
  const site = await TestSite.create();
  broker = await startBroker({
    port: 0,
    identities: everybody,
    listeners: [
      { type: 'tls', port: 0, tls: site.tls },
      { type: 'ws', port: 0 },
      { type: 'wss', port: 0, tls: site.tls },
    ],
  });
  const { heard } = await listen();
  const [tls = 0, ws = 0, wss = 0] = broker.ports;
  const ca = site.ca;
  const ways: (() => Duplex)[] = [
    () => connectTcp(broker.port, '127.0.0.1'),
    () => connectTls({ port: tls, host: 'localhost', ca }),
    () => createWebSocketStream(new WebSocket(`ws://127.0.0.1:${ws}/mqtt`, 'mqtt')),
    () => createWebSocketStream(new WebSocket(`wss://localhost:${wss}/mqtt`, 'mqtt', { ca })),
  ];
  const clients = ways.flatMap((open, way) =>
    numbers(50).map((index) => {
      const client = open();
      const clientId = `gw1-${way}-${index}`;
      const will = { topic: state, payload: Buffer.from(clientId), qos: 0, retain: false } as const;
      const connect = connectPacket(clientId, { username: 'gw1', password: Buffer.from('gw1'), will });
      client.write(mqttPacket.generate(connect));
      return { client, clientId };
    }),
  );
  await Promise.all(clients.map(({ client }) => new Promise((resolve) => client.once('data', resolve))));
  expect(await metric(broker, 'watchpost_broker_connections')).toBe(201);
  for (const { client } of clients) client.on('error', () => undefined).destroy();
  await until(() => heard.length === 200);
  expect(new Set(heard)).toEqual(new Set(clients.map(({ clientId }) => clientId)));
  await expect.poll(() => metric(broker, 'watchpost_broker_connections')).toBe(1);
  await site.remove();
});
