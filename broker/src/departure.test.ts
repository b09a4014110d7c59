import mqttPacket, { type Packet } from 'mqtt-packet';
import { afterEach, expect, test } from 'vitest';
import { type BrokerService, startBroker } from './broker-service.ts';
import { connectAs, connectPacket, everybody, RawClient, until } from './broker-testing.ts';

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
