import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { type BrokerService, startBroker } from './broker-service.ts';
import {
  connectAs,
  connectPacket,
  everybody,
  metric,
  nextMessage,
  RawClient,
  until,
} from './broker-testing.ts';
import { type BrokerLimits, brokerLimitsSchema } from './policy.ts';

let broker: BrokerService;
let lines: Record<string, unknown>[];

const up = 'wp/1/demo/gw1/up';

const publishTo = (topic: string, more: Partial<Extract<Packet, { cmd: 'publish' }>> = {}): Packet => ({
  cmd: 'publish',
  topic,
  payload: '{}',
  qos: 0,
  dup: false,
  retain: false,
  ...more,
});

async function start(limits: Partial<BrokerLimits> & { sysIntervalSeconds?: number }): Promise<void> {
  const { sysIntervalSeconds = 0, ...rest } = limits;
  lines = [];
  const logger = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) });
  broker = await startBroker({ port: 0, identities: everybody, limits: rest, sysIntervalSeconds, logger });
}

afterEach(() => broker.stop());

const refused = (reason: string) => metric(broker, `watchpost_broker_refused_total{reason="${reason}"}`);

/** A PUBLISH header that announces a body of `bytes`, and none of the body. */
const announce = (bytes: number): Buffer => {
  const header = [0x30];
  for (let rest = bytes; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...header, rest]);
    header.push((rest % 128) + 128);
  }
};

test('a packet of 30 MB is refused at its header and others do not notice', async () => {
  await start({ packetBytes: 66_560 });
  const other = await connectAs(broker, 'alerting');
  const raw = await RawClient.connected(broker, 'gw1');
  raw.send(announce(30 * 1024 * 1024));
  await raw.end();
  expect(await refused('packet_too_large')).toBe(1);
  expect(lines.find((line) => line.code === 'broker.packet_too_large')).toMatchObject({ client: 'gw1' });
  expect(other.connected).toBe(true);
  await other.endAsync(true);
});

test('before admission a packet may be only as long as a CONNECT', async () => {
  await start({ connectBytes: 128 });
  const raw = await RawClient.open(broker);
  raw.send(connectPacket('x'.repeat(200)));
  await raw.end();
  expect(await refused('packet_too_large')).toBe(1);
});

test('a connection without CONNECT is closed', async () => {
  await start({ connectTimeoutMs: 60 });
  const raw = await RawClient.open(broker);
  await raw.end();
  expect(await refused('connect_timeout')).toBe(1);
});

test('a connection that sends its CONNECT byte by byte is closed as well', async () => {
  await start({ connectTimeoutMs: 100 });
  const raw = await RawClient.open(broker);
  const timer = setInterval(
    () => raw.send(Buffer.from(raw.socket.bytesWritten === 0 ? [0x10] : [0x7f])),
    200,
  );
  await raw.end();
  clearInterval(timer);
  expect(await refused('connect_timeout')).toBe(1);
});

test('connections in all', async () => {
  await start({ connections: 2 });
  const open = [await RawClient.connected(broker, 'gw1'), await RawClient.connected(broker, 'gw2')];
  const third = await RawClient.open(broker);
  await third.end();
  expect(await refused('connections')).toBe(1);
  open[0]?.socket.destroy();
  await until(() => lines.some((line) => line.msg === 'client disconnected'));
  const fourth = await RawClient.connected(broker, 'alerting');
  for (const each of [...open, fourth]) each.socket.destroy();
});

test('connections from one address', async () => {
  await start({ connectionsPerAddress: 1 });
  const first = await RawClient.connected(broker, 'gw1');
  const second = await RawClient.open(broker);
  await second.end();
  expect(await refused('connections_per_address')).toBe(1);
  first.socket.destroy();
});

test('a flood of refusals is counted in full and logged in part', async () => {
  await start({});
  for (let turn = 0; turn < 25; turn++) {
    const raw = await RawClient.open(broker);
    raw.send(Buffer.from([0xf0, 0]));
    await raw.end();
  }
  expect(await refused('malformed_packet')).toBe(25);
  expect(lines.filter((line) => line.reason === 'malformed_packet')).toHaveLength(10);
});

test('a topic or filter deeper than the limit is refused', async () => {
  await start({ topicLevels: 5 });
  const raw = await RawClient.connected(broker, 'gw1');
  raw.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'a/b/c/d/e/f', qos: 0 }] });
  expect((await raw.next('suback')).granted).toEqual([0x80]);
  raw.send(publishTo('a/b/c/d/e/f'));
  await raw.end();
  expect(await refused('topic_levels')).toBe(2);
});

test('more subscriptions than the limit get 0x80, the same ones again do not', async () => {
  await start({ subscriptionsPerClient: 2 });
  const raw = await RawClient.connected(broker, 'alerting');
  const filters = ['wp/1/demo/+/up', 'wp/1/demo/+/state', 'wp/1/demo/+/reply', 'wp/1/demo/+/up'];
  raw.send({
    cmd: 'subscribe',
    messageId: 1,
    subscriptions: filters.map((topic) => ({ topic, qos: 0 as const })),
  });
  // the same filter twice in one SUBSCRIBE is one for the engine, with the last QoS
  expect((await raw.next('suback')).granted).toEqual([0, 0, 0x80]);
  expect(await refused('subscriptions')).toBe(1);
  raw.socket.destroy();
});

test.each(['subscribe', 'unsubscribe'] as const)(
  'one %s with thousands of filters is not worked off',
  async (cmd) => {
    await start({ subscriptionsPerClient: 2 });
    const raw = await RawClient.connected(broker, 'alerting');
    const filters = Array.from({ length: 5000 }, (_, index) => `a${index}`);
    raw.send(
      cmd === 'subscribe'
        ? { cmd, messageId: 1, subscriptions: filters.map((topic) => ({ topic, qos: 0 as const })) }
        : { cmd, messageId: 1, unsubscriptions: filters },
    );
    await raw.end();
    expect(await refused('subscriptions')).toBe(1);
    expect(lines.filter((line) => line.code === 'broker.quota')).toHaveLength(1);
  },
);

test('each filter counts, however many share a packet', async () => {
  await start({ messagesPerSecond: 200 });
  const raw = await RawClient.connected(broker, 'alerting');
  const unsubscriptions = Array.from({ length: 100 }, (_, index) => `a${index}`);
  raw.send({ cmd: 'unsubscribe', messageId: 1, unsubscriptions });
  await raw.next('unsuback');
  expect(await metric(broker, 'watchpost_broker_throttled_total')).toBeGreaterThan(0);
  raw.socket.destroy();
});

test('a client that asks for no keep-alive is closed when it is silent for too long', async () => {
  await start({ keepaliveSeconds: 1 });
  const raw = await RawClient.open(broker);
  raw.send(connectPacket('gw1', { username: 'gw1', password: Buffer.from('gw1'), keepalive: 0 }));
  await raw.next('connack');
  await raw.end();
  expect(await metric(broker, 'watchpost_broker_keepalive_lowered_total')).toBe(1);
  expect(await refused('keepalive')).toBe(1);
});

test('more messages than the rate are read more slowly, and none is lost', async () => {
  await start({ messagesPerSecond: 100 });
  const raw = await RawClient.connected(broker, 'gw1');
  const count = 160; // a tenth of a second’s worth at once, the rest has to wait
  for (let messageId = 1; messageId <= count; messageId++) raw.send(publishTo(up, { qos: 1, messageId }));
  await until(() => raw.received.length === count);
  expect(await metric(broker, 'watchpost_broker_throttled_total')).toBeGreaterThan(0);
  expect(lines.some((line) => line.msg === 'client is read more slowly')).toBe(true);
  raw.socket.destroy();
});

test('more bytes than the rate are read more slowly too', async () => {
  await start({ bytesPerSecond: 100_000 });
  const raw = await RawClient.connected(broker, 'gw1');
  for (let messageId = 1; messageId <= 5; messageId++)
    raw.send(publishTo(up, { qos: 1, messageId, payload: Buffer.alloc(50_000) }));
  await until(() => raw.received.length === 5);
  expect(await metric(broker, 'watchpost_broker_throttled_total')).toBeGreaterThan(0);
  raw.socket.destroy();
});

test('QoS 2 messages without PUBREL are limited', async () => {
  await start({ inflightInbound: 3 });
  const raw = await RawClient.connected(broker, 'gw1');
  for (let messageId = 1; messageId <= 3; messageId++) raw.send(publishTo(up, { qos: 2, messageId }));
  for (let turn = 0; turn < 3; turn++) await raw.next('pubrec');
  raw.send(publishTo(up, { qos: 2, messageId: 4 }));
  await raw.end();
  expect(await refused('inflight')).toBe(1);
});

/** A session of alerting with a subscription to events, gone offline. */
async function offlineSession(): Promise<void> {
  const client = await connectAs(broker, 'alerting', { clientId: 'alerting', clean: false });
  await client.subscribeAsync(up, { qos: 1 });
  await client.endAsync();
}

const dropped = (limit: string) => metric(broker, `watchpost_broker_dropped_total{limit="${limit}"}`);

/** What the session hears when it comes back. */
async function heardAfterReturn(): Promise<string[]> {
  const raw = await RawClient.open(broker);
  const password = Buffer.from('alerting');
  raw.send(connectPacket('alerting', { username: 'alerting', password, clean: false }));
  await raw.next('connack');
  const gateway = await connectAs(broker, 'gw2');
  await gateway.publishAsync('wp/1/demo/gw2/up', 'end', { qos: 1 });
  await gateway.endAsync();
  raw.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'wp/1/demo/+/reply', qos: 0 }] });
  await raw.next('suback');
  raw.socket.destroy();
  return raw.received.flatMap((packet) => (packet.cmd === 'publish' ? [packet.payload.toString()] : []));
}

async function publishFromGateway(...payloads: (string | Buffer)[]): Promise<void> {
  const gateway = await connectAs(broker, 'gw1');
  for (const payload of payloads) await gateway.publishAsync(up, payload, { qos: 1 });
  await gateway.endAsync();
}

test('a queue holds so many messages', async () => {
  await start({ offlineMessages: 2 });
  await offlineSession();
  await publishFromGateway('1', '2', '3');
  expect(await dropped('offline_messages')).toBe(1);
  expect(lines.find((line) => line.limit === 'offline_messages')).toMatchObject({ client: 'alerting' });
  expect(await heardAfterReturn()).toEqual(['1', '2']);
});

test('and so many bytes', async () => {
  await start({ offlineBytes: 2048 });
  await offlineSession();
  await publishFromGateway('1', Buffer.alloc(4000), '3');
  expect(await dropped('offline_bytes')).toBe(1);
  expect(await heardAfterReturn()).toEqual(['1', '3']);
});

test('all queues together hold so many bytes', async () => {
  await start({ offlineTotalBytes: 2048 });
  await offlineSession();
  await publishFromGateway('1', Buffer.alloc(1500), Buffer.alloc(1500));
  expect(await dropped('offline_total_bytes')).toBe(1);
});

test('sessions that are kept are limited', async () => {
  await start({ sessions: 1 });
  await offlineSession();
  const refusedSession = connectAs(broker, 'gw1', { clientId: 'gw1', clean: false });
  await expect(refusedSession).rejects.toMatchObject({ code: 3 });
  expect(await refused('sessions')).toBe(1);
  const clean = await connectAs(broker, 'gw1');
  await clean.endAsync(true);
  await offlineSession();
});

test.each([
  ['retained_messages', { retainedMessages: 1 }],
  ['retained_bytes', { retainedBytes: 1024 }],
] as const)('%s: what is over the limit is delivered but not kept', async (limit, limits) => {
  await start({ ...limits, sysIntervalSeconds: 0 });
  const payload = 'x'.repeat(600);
  const service = await connectAs(broker, 'alerting');
  await service.publishAsync('wp/1/demo/gw1/receipt', payload, { qos: 1, retain: true });
  const live = await connectAs(broker, 'gw2');
  await live.subscribeAsync('wp/1/demo/gw2/receipt', { qos: 1 });
  const arrived = nextMessage(live);
  await service.publishAsync('wp/1/demo/gw2/receipt', payload, { qos: 1, retain: true });
  expect((await arrived).text).toBe(payload);
  expect(await dropped(limit)).toBe(1);
  expect(await metric(broker, 'watchpost_broker_retained_messages')).toBe(1);
  await Promise.all([service.endAsync(true), live.endAsync(true)]);
});

/** A client that subscribes to events and then reads nothing more. */
async function deafClient(clientId = 'deaf'): Promise<RawClient> {
  const deaf = await RawClient.connected(broker, 'alerting', clientId);
  deaf.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: up, qos: 0 }] });
  await deaf.next('suback');
  deaf.socket.pause();
  return deaf;
}

test('[MQTT-4.8.0-2] a client that does not read is closed, and the others hear everything meanwhile', async () => {
  await start({ outboundBytes: 256 * 1024 });
  const deaf = await deafClient();
  const listening = await connectAs(broker, 'alerting', { clientId: 'listening' });
  let heard = 0;
  listening.on('message', () => heard++);
  await listening.subscribeAsync(up, { qos: 0 });
  const gateway = await connectAs(broker, 'gw1');
  let sent = 0;
  while ((await refused('slow_consumer')) === 0) {
    // Never more at once than the one who listens may leave waiting.
    for (let turn = 0; turn < 3; turn++, sent++)
      await gateway.publishAsync(up, Buffer.alloc(60_000), { qos: 0 });
    await until(() => heard === sent);
  }
  expect(await refused('slow_consumer')).toBe(1);
  deaf.socket.destroy();
  await Promise.all([listening.endAsync(true), gateway.endAsync(true)]);
});

test('many clients that do not read cannot fill the memory together, each within its own limit', async () => {
  await start({ outboundBytes: 512 * 1024 * 1024, outboundTotalBytes: 2 * 1024 * 1024 });
  const deaf = await Promise.all(Array.from({ length: 8 }, (_, index) => deafClient(`deaf${index}`)));
  const gateway = await connectAs(broker, 'gw1');
  while ((await refused('slow_consumer')) < 2)
    await gateway.publishAsync(up, Buffer.alloc(60_000), { qos: 0 });
  expect(lines.filter((line) => line.reason === 'slow_consumer').length).toBeGreaterThan(1);
  for (const { socket } of deaf) socket.destroy();
  await gateway.endAsync(true);
});

test('[MQTT-4.8.0-2] and so is one whose connection takes nothing for too long', async () => {
  await start({ outboundStallMs: 200 });
  const deaf = await deafClient();
  const gateway = await connectAs(broker, 'gw1');
  for (let turn = 0; turn < 150; turn++) await gateway.publishAsync(up, Buffer.alloc(60_000), { qos: 0 });
  await until(() => lines.some((line) => line.reason === 'slow_consumer'));
  deaf.socket.destroy();
  await gateway.endAsync(true);
});

test('packets sent before CONNACK are all handled', async () => {
  await start({});
  const raw = await RawClient.open(broker);
  const hello = connectPacket('gw1', { username: 'gw1', password: Buffer.from('gw1') });
  const messages = Array.from({ length: 100 }, (_each, index) =>
    publishTo(up, { qos: 1, messageId: index + 1 }),
  );
  raw.send(Buffer.concat([hello, ...messages].map((packet) => mqttPacket.generate(packet))));
  await until(() => raw.closed || raw.received.filter((packet) => packet.cmd === 'puback').length === 100);
  expect(raw.closed).toBe(false);
  raw.socket.destroy();
});

test('messages that wait for too long are dropped', async () => {
  await start({ offlineAgeMs: 1000 });
  await offlineSession();
  await publishFromGateway('old');
  await expect.poll(() => dropped('offline_age'), { timeout: 10_000 }).toBe(1);
  expect(lines.find((line) => line.limit === 'offline_age')).toMatchObject({ client: 'alerting' });
  expect(await heardAfterReturn()).toEqual([]);
});

test('a session without connection ends after its time', async () => {
  await start({ sessionExpiryMs: 1000 });
  await offlineSession();
  const expired = () => metric(broker, 'watchpost_broker_sessions_expired_total');
  await expect.poll(expired, { timeout: 10_000 }).toBe(1);
  expect(lines.find((line) => line.msg === 'session ended by age')).toMatchObject({ client: 'alerting' });
  expect(await metric(broker, 'watchpost_broker_sessions')).toBe(0);
});

test('connectsPerSecond: more new connections wait for their turn; nobody is turned away', async () => {
  await start({ connectsPerSecond: 10 });
  const crowd = await Promise.all(
    Array.from({ length: 8 }, (_, i) => RawClient.connected(broker, 'gw1', `gw1-${i}`)),
  );
  expect(crowd).toHaveLength(8);
  expect(await metric(broker, 'watchpost_broker_connects_delayed_total')).toBeGreaterThan(0);
  expect(lines.filter((line) => line.msg === 'new connections wait').length).toBeGreaterThan(0);
  for (const { socket } of crowd) socket.destroy();
});

test('connectsPerSecond: who comes from elsewhere does not wait behind a crowd; who waits takes a place, and makes way', async () => {
  await start({ connectsPerSecond: 5, connectionsPerAddress: 40 });
  const crowd = Array.from({ length: 60 }, (_, i) => {
    const raw = new RawClient(connectTcp(broker.port, '127.0.0.1'));
    raw.send(connectPacket(`gw1-${i}`, { username: 'gw1', password: Buffer.from('gw1') }));
    return raw;
  });
  await until(() => crowd.filter((each) => each.closed).length === 20);
  expect(await refused('idle')).toBe(20);
  const elsewhere = connectTcp({ port: broker.port, host: '127.0.0.1', localAddress: '127.0.0.9' });
  const newcomer = new RawClient(elsewhere);
  newcomer.send(connectPacket('gw2', { username: 'gw2', password: Buffer.from('gw2') }));
  await newcomer.next('connack');
  expect(crowd.filter((each) => each.received.length > 0).length).toBeLessThan(40);
  for (const { socket } of [...crowd, newcomer]) socket.destroy();
});

test('every limit has a test here that exceeds it', () => {
  const names = ['./telemetry-flood.test.ts', './client-ids.test.ts'];
  const files = [import.meta.url, ...names.map((name) => new URL(name, import.meta.url))];
  const source = files.map((file) => readFileSync(new URL(file), 'utf8')).join('');
  const tested = new Set([...source.matchAll(/\b(\w+): [\d_*x ]+/g)].map(([, name]) => name));
  expect(Object.keys(brokerLimitsSchema.shape).filter((name) => !tested.has(name))).toEqual([]);
});
