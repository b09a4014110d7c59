import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { type BrokerService, startBroker } from './broker-service.ts';
import { connectAs, connectPacket, everybody, metric, RawClient, until } from './broker-testing.ts';
import type { BrokerLimits } from './limits.ts';

let broker: BrokerService;
let lines: Record<string, unknown>[];

async function start(limits: Partial<BrokerLimits>): Promise<void> {
  lines = [];
  const logger = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) });
  broker = await startBroker({ port: 0, identities: everybody, limits, logger });
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
  await start({});
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

test('a topic deeper than the limit is refused', async () => {
  await start({ topicLevels: 5 });
  const raw = await RawClient.connected(broker, 'gw1');
  raw.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'a/b/c/d/e/f', qos: 0 }] });
  await raw.end();
  expect(await refused('malformed_packet')).toBe(1);
});

test('packets sent before CONNACK are all handled', async () => {
  await start({});
  const raw = await RawClient.open(broker);
  raw.send(connectPacket('gw1', { username: 'gw1', password: Buffer.from('gw1') }));
  for (let messageId = 1; messageId <= 100; messageId++) {
    raw.send({
      cmd: 'publish',
      topic: 'wp/1/demo/gw1/up',
      payload: '{}',
      qos: 1,
      messageId,
      dup: false,
      retain: false,
    });
  }
  await until(() => raw.received.filter((packet) => packet.cmd === 'puback').length === 100);
  raw.socket.destroy();
});
