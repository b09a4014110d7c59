import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BrokerService } from '../broker-service.ts';
import { connectPacket, keptWithoutId, RawClient, until } from '../broker-testing.ts';
import { brokerUnderTest } from './broker-under-test.ts';
import { Peer } from './peer.ts';

// What independent suites try, with a library of its own mind (mqtt.js) on the other side.

let broker: BrokerService;
beforeAll(async () => {
  broker = await brokerUnderTest({ denySubscribe: 'test/nosubscribe' });
});
afterAll(() => broker.stop());

const topics = ['TopicA', 'TopicA/B', 'Topic/C', 'TopicA/C', '/TopicA'];

interface Heard {
  readonly topic: string;
  readonly text: string;
  readonly qos: number;
  readonly retain: boolean;
}

async function client(options: IClientOptions = {}): Promise<{ of: MqttClient; heard: Heard[] }> {
  const heard: Heard[] = [];
  const of = mqtt.connect({ host: '127.0.0.1', port: broker.port, reconnectPeriod: 0, ...options });
  of.on('message', (topic, payload, { qos, retain }) =>
    heard.push({ topic, text: payload.toString(), qos, retain }),
  );
  await new Promise<void>((resolve, reject) => of.once('connect', () => resolve()).once('error', reject));
  return { of, heard };
}

const id = () => crypto.randomUUID().slice(0, 8);

test('[MQTT-7.0.0-2] [MQTT-7.1.1-1] basic: QoS 0, 1 and 2 come back to who subscribed', async () => {
  const { of, heard } = await client();
  await of.subscribeAsync('TopicA', { qos: 2 });
  for (const qos of [0, 1, 2] as const) await of.publishAsync('TopicA', `qos ${qos}`, { qos });
  await until(() => heard.length === 3);
  expect(heard.map(({ text, qos }) => [text, qos])).toEqual([
    ['qos 0', 0],
    ['qos 1', 1],
    ['qos 2', 2],
  ]);
  await of.endAsync();
});

test('another protocol name, and a second CONNECT, end the connection', async () => {
  const wrong = await RawClient.open(broker);
  wrong.send(Buffer.from('100e0002686a04020000000461626364', 'hex'));
  await wrong.end();
  const twice = await Peer.connect(broker, id());
  twice.raw.send(connectPacket(id()));
  await twice.raw.end();
});

test('retained messages of every QoS reach a wildcard, and empty ones remove them', async () => {
  const { of } = await client();
  for (const [qos, topic] of ['TopicA/B', 'Topic/C', 'TopicA/C'].entries())
    await of.publishAsync(topic, `qos ${qos}`, { qos: qos as 0 | 1 | 2, retain: true });
  const first = await client();
  await first.of.subscribeAsync('+/+', { qos: 2 });
  await until(() => first.heard.length === 3);
  expect(first.heard.every(({ retain }) => retain)).toBe(true);
  for (const topic of ['TopicA/B', 'Topic/C', 'TopicA/C'])
    await of.publishAsync(topic, '', { qos: 1, retain: true });
  const second = await client();
  await second.of.subscribeAsync('+/+', { qos: 2 });
  await second.of.publishAsync('TopicA/B', 'last', { qos: 1 });
  await until(() => second.heard.length > 0);
  expect(second.heard.map(({ text }) => text)).toEqual(['last']);
  await Promise.all([of, first.of, second.of].map((each) => each.endAsync()));
});

test('offline queueing: QoS 1 and 2 wait, QoS 0 may be lost', async () => {
  const clientId = id();
  const away = await client({ clientId, clean: false });
  await away.of.subscribeAsync('off/+', { qos: 2 });
  await away.of.endAsync();
  const sender = await client();
  for (const qos of [0, 1, 2] as const) await sender.of.publishAsync(`off/${qos}`, `qos ${qos}`, { qos });
  const back = await client({ clientId, clean: false });
  await until(() => back.heard.length >= 2);
  expect(back.heard.filter(({ qos }) => qos > 0).map(({ text }) => text)).toEqual(['qos 1', 'qos 2']);
  await Promise.all([sender.of.endAsync(), back.of.endAsync()]);
});

test('a will comes when the connection breaks, also when the keep-alive runs out', async () => {
  const watcher = await client();
  await watcher.of.subscribeAsync('will/#', { qos: 2 });
  const will = (topic: string) => ({
    topic,
    payload: Buffer.from('client not disconnected'),
    qos: 1 as const,
    retain: false,
  });
  const breaks = await client({ will: will('will/breaks') });
  breaks.of.stream.destroy();
  const silent = await RawClient.open(broker);
  silent.send(connectPacket(id(), { keepalive: 1, will: will('will/silent') }));
  await until(() => watcher.heard.length === 2);
  expect(watcher.heard.map(({ topic }) => topic)).toEqual(['will/breaks', 'will/silent']);
  await watcher.of.endAsync();
});

test('overlapping subscriptions: once, with the higher QoS', async () => {
  const { of, heard } = await client();
  await of.subscribeAsync({ 'over/#': { qos: 2 }, 'over/+': { qos: 1 } });
  await of.publishAsync('over/x', 'overlapping', { qos: 2 });
  await of.publishAsync('over/end', 'end', { qos: 0 });
  await until(() => heard.some(({ text }) => text === 'end'));
  expect(heard.filter(({ text }) => text === 'overlapping').map(({ qos }) => qos)).toEqual([2]);
  await of.endAsync();
});

test('redelivery: what was not acknowledged comes again after the next connect, with DUP', async () => {
  const clientId = id();
  const first = await Peer.connect(broker, clientId, { clean: false });
  await first.subscribe({ topic: 're/#', qos: 2 });
  const sender = await client();
  for (const qos of [1, 2] as const) await sender.of.publishAsync(`re/${qos}`, `qos ${qos}`, { qos });
  const sent = [await first.message(), await first.message()];
  await first.vanish();
  const again = await Peer.connect(broker, clientId, { clean: false });
  const repeated = [await again.message(), await again.message()];
  expect(repeated.map(({ messageId, dup }) => [messageId, dup])).toEqual(
    sent.map(({ messageId }) => [messageId, true]),
  );
  await Promise.all([again.disconnect(), sender.of.endAsync()]);
});

test('zero-length client id: accepted with a clean session, refused with 2 without', async () => {
  const clean = await Peer.connect(broker, '', { clean: true });
  expect(clean.connack.returnCode).toBe(0);
  await clean.disconnect();
  const kept = await RawClient.open(broker);
  kept.send(keptWithoutId);
  expect((await kept.next('connack')).returnCode).toBe(2);
  await kept.end();
});

test('subscribe failure: 0x80 for the denied filter, the others are granted', async () => {
  const peer = await Peer.connect(broker, id());
  expect(
    await peer.subscribe({ topic: 'test/nosubscribe', qos: 2 }, { topic: 'test/other', qos: 2 }),
  ).toEqual([128, 2]);
  await peer.disconnect();
});

test('topics that begin with $ are not reached by wildcards', async () => {
  const { of, heard } = await client();
  await of.subscribeAsync(['#', '+/+'], { qos: 2 });
  await of.publishAsync('$TopicA/x', 'hidden', { qos: 1 });
  await of.publishAsync('plain/x', 'seen', { qos: 1 });
  await until(() => heard.some(({ text }) => text === 'seen'));
  expect(heard.filter(({ text }) => text === 'hidden')).toEqual([]);
  await of.endAsync();
});

test('unsubscribe: only the filters that are left bring messages', async () => {
  const { of, heard } = await client();
  await of.subscribeAsync(topics.slice(0, 3), { qos: 2 });
  await of.unsubscribeAsync('TopicA');
  for (const topic of topics.slice(0, 3)) await of.publishAsync(topic, topic, { qos: 1 });
  await until(() => heard.length === 2);
  await of.publishAsync('Topic/C', 'end', { qos: 1 });
  await until(() => heard.length === 3);
  expect(heard.map(({ text }) => text)).toEqual(['TopicA/B', 'Topic/C', 'end']);
  await of.endAsync();
});

test('messages of a megabyte arrive unchanged with every QoS', async () => {
  const { of } = await client();
  const large = Buffer.alloc(1024 * 1024, 'large');
  const arrived: boolean[] = [];
  of.on('message', (_topic, payload) => arrived.push(payload.equals(large)));
  await of.subscribeAsync('large', { qos: 2 });
  for (const qos of [0, 1, 2] as const) await of.publishAsync('large', large, { qos });
  await until(() => arrived.length === 3);
  expect(arrived).toEqual([true, true, true]);
  await of.endAsync();
});

test('client ids and topics of 65,535 bytes', async () => {
  const long = await Peer.connect(broker, 'c'.repeat(65_535));
  expect(long.connack.returnCode).toBe(0);
  const topic = 't'.repeat(65_535);
  expect(await long.subscribe({ topic, qos: 1 })).toEqual([1]);
  await long.published(topic, 'far');
  expect(await long.message()).toMatchObject({ topic });
  await long.disconnect();
});

test('a thousand topics, each with its retained message', { timeout: 120_000 }, async () => {
  const { of, heard } = await client({ clientId: id() });
  const names = Array.from({ length: 1000 }, (_each, index) => `many/${index}/é✓`);
  await Promise.all(names.map((name) => of.publishAsync(name, name, { qos: 1, retain: true })));
  await of.subscribeAsync('many/+/+', { qos: 1 });
  // Of a cluster, some may come a second time: as what another node has just heard.
  const retained = () => heard.filter(({ retain }) => retain);
  await until(() => retained().length >= 1000);
  expect(retained().map(({ text }) => text)).toEqual(expect.arrayContaining(names));
  expect(retained()).toHaveLength(1000);
  for (const name of names) await of.publishAsync(name, '', { qos: 0, retain: true });
  await of.endAsync();
});

test('$SYS tells its numbers to whoever asks, at once', async () => {
  const { of, heard } = await client();
  await of.subscribeAsync('$SYS/#', { qos: 0 });
  await until(() => heard.some(({ topic }) => topic === '$SYS/broker/clients/connected'));
  await of.endAsync();
});
