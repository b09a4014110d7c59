import type { MqttClient } from 'mqtt';
import { afterEach, expect, test } from 'vitest';
import { type BrokerService, startBroker } from './broker-service.ts';
import { closed, connectAs, everybody, metric, nextMessage, RawClient, until } from './broker-testing.ts';
import type { BrokerOptions } from './config.ts';

const telemetry = 'wp/1/demo/gw1/telemetry';
const up = 'wp/1/demo/gw1/up';
let broker: BrokerService;
const clients: MqttClient[] = [];
const raws: RawClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
  for (const raw of raws.splice(0)) raw.socket.destroy();
  await broker.stop();
});

const start = async (limits: BrokerOptions['limits'] = {}) => {
  broker = await startBroker({ port: 0, identities: everybody, limits });
};
const as = async (...[name, options]: [string, Parameters<typeof connectAs>[2]?]) => {
  const client = await connectAs(broker, name, options);
  clients.push(client);
  return client;
};
const dropped = (limit: string) => metric(broker, `watchpost_broker_dropped_total{limit="${limit}"}`);
const texts = (client: MqttClient) => {
  const heard: string[] = [];
  client.on('message', (topic, payload) => heard.push(`${topic.split('/').at(-1)} ${payload}`));
  return heard;
};

test('telemetry over its budget is acknowledged and not passed on; events of the same gateway all are', async () => {
  await start({ telemetryPerSecond: 2 });
  const service = await as('alerting');
  const heard = texts(service);
  await service.subscribeAsync([telemetry, up], { qos: 1 });
  const gateway = await as('gw1');
  for (let turn = 0; turn < 100; turn++) {
    await gateway.publishAsync(telemetry, `${turn}`, { qos: turn % 2 === 0 ? 1 : 0 });
    await gateway.publishAsync(up, `${turn}`, { qos: 1 });
  }
  await until(() => heard.includes('up 99'));
  expect(heard.filter((text) => text.startsWith('up'))).toHaveLength(100);
  const passed = heard.filter((text) => text.startsWith('telemetry')).length;
  expect(passed).toBeGreaterThanOrEqual(10);
  expect(passed).toBeLessThan(100);
  expect(await dropped('telemetry_rate')).toBe(100 - passed);
});

test('bytes have a budget too', async () => {
  await start({ telemetryBytesPerSecond: 1024 });
  const gateway = await as('gw1');
  for (let turn = 0; turn < 10; turn++) await gateway.publishAsync(telemetry, Buffer.alloc(1000), { qos: 1 });
  expect(await dropped('telemetry_rate')).toBeGreaterThan(0);
});

test('the budget is the gateway’s, over all of its connections, and not that of another one', async () => {
  await start({ telemetryPerSecond: 1 });
  const service = await as('alerting');
  const heard = texts(service);
  await service.subscribeAsync('wp/1/demo/+/telemetry', { qos: 1 });
  for (const clientId of ['a', 'b', 'c', 'd']) {
    const gateway = await as('gw1', { clientId });
    for (let turn = 0; turn < 10; turn++) await gateway.publishAsync(telemetry, clientId, { qos: 1 });
  }
  const other = await as('gw2');
  await other.publishAsync('wp/1/demo/gw2/telemetry', 'other', { qos: 1 });
  await until(() => heard.includes('telemetry other'));
  expect(heard.length).toBeLessThan(20);
});

test('alerting is told who floods, as long as it goes on, also when it comes later', async () => {
  await start({ telemetryPerSecond: 1 });
  const gateway = await as('gw1');
  for (let turn = 0; turn < 20; turn++) await gateway.publishAsync(telemetry, 'x', { qos: 1 });
  const service = await as('alerting');
  const notice = nextMessage(service);
  await service.subscribeAsync('$SYS/broker/flooding/demo/+', { qos: 1 });
  const { topic, text } = await notice;
  expect(topic).toBe('$SYS/broker/flooding/demo/gw1');
  expect(JSON.parse(text)).toMatchObject({ site: 'demo', gateway: 'gw1' });
  expect(await metric(broker, 'watchpost_broker_flooding_gateways')).toBe(1);
});

test('a forbidden topic is refused, and not blamed on its gateway', async () => {
  await start({ telemetryPerSecond: 1 });
  const gateway = await as('gw1');
  const ended = closed(gateway);
  for (let turn = 0; turn < 20; turn++) gateway.publish('wp/1/demo/gw2/telemetry', 'x', { qos: 0 });
  await ended;
  expect(await metric(broker, 'watchpost_broker_refused_total{reason="publish"}')).toBeGreaterThan(0);
  expect(await metric(broker, 'watchpost_broker_flooding_gateways')).toBe(0);
});

/** Subscribes to both kinds, and reads or acknowledges nothing more. */
async function deaf(clean: boolean): Promise<RawClient> {
  const raw = await RawClient.open(broker);
  raws.push(raw);
  raw.send({
    ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean, keepalive: 0, clientId: 'deaf' },
    ...{ username: 'alerting', password: Buffer.from('alerting') },
  });
  await raw.next('connack');
  const subscriptions = [telemetry, up].map((topic) => ({ topic, qos: clean ? 0 : 1 }) as const);
  raw.send({ cmd: 'subscribe', messageId: 1, subscriptions });
  await raw.next('suback');
  return raw;
}
const manyPerSecond = { telemetryPerSecond: 1_000_000, telemetryBytesPerSecond: 1024 ** 3 };

test('a client that acknowledges nothing gets little telemetry, and every event', async () => {
  await start({ ...manyPerSecond, telemetryInFlight: 5, offlineMessages: 60 });
  const service = await deaf(false);
  const gateway = await as('gw1');
  for (let turn = 0; turn < 200; turn++) await gateway.publishAsync(telemetry, 'x', { qos: 1 });
  for (let turn = 0; turn < 50; turn++) await gateway.publishAsync(up, `${turn}`, { qos: 1 });
  const heard = () => service.received.filter(({ cmd }) => cmd === 'publish');
  await until(() => heard().length === 55);
  expect(await dropped('telemetry_queue')).toBe(195);
  expect(await dropped('offline_messages')).toBe(0);
});

test('a client that reads nothing loses telemetry first, and is not closed for it', async () => {
  await start({ ...manyPerSecond, outboundBytes: 8 * 1024 * 1024, outboundTelemetryBytes: 64 * 1024 });
  const service = await deaf(true);
  service.socket.pause();
  const gateway = await as('gw1');
  for (let turn = 0; turn < 400; turn++)
    await gateway.publishAsync(telemetry, Buffer.alloc(60_000), { qos: 1 });
  expect(await dropped('telemetry_outbound')).toBeGreaterThan(0);
  await gateway.publishAsync(up, 'alarm', { qos: 1 });
  service.socket.resume();
  await until(() => service.received.some((packet) => packet.cmd === 'publish' && packet.topic === up));
  expect(await metric(broker, 'watchpost_broker_refused_total{reason="slow_consumer"}')).toBe(0);
});

test('what waited for a client that was away: events first, then telemetry', async () => {
  await start({ ...manyPerSecond, offlineTelemetry: 3 });
  const away = await deaf(false);
  away.send({ cmd: 'disconnect' });
  await away.end();
  const gateway = await as('gw1');
  for (let turn = 0; turn < 5; turn++) await gateway.publishAsync(telemetry, `${turn}`, { qos: 1 });
  for (let turn = 0; turn < 5; turn++) await gateway.publishAsync(up, `${turn}`, { qos: 1 });
  const back = await as('alerting', { clientId: 'deaf', clean: false });
  const heard = texts(back);
  await until(() => heard.length === 8);
  expect(heard).toEqual([
    ...[0, 1, 2, 3, 4].map((turn) => `up ${turn}`),
    ...[0, 1, 2].map((turn) => `telemetry ${turn}`),
  ]);
});

test('a client that reads slowly and steadily is not taken for one that has stopped', async () => {
  await start({ ...manyPerSecond, outboundStallMs: 1000 });
  const service = await deaf(true);
  const gateway = await as('gw1');
  const publishing = Promise.all(
    Array.from({ length: 200 }, () => gateway.publishAsync(up, Buffer.alloc(60_000), { qos: 1 })),
  );
  // about 6 s for 12 MB: always behind, never still
  const slowly = setInterval(() => {
    service.socket.resume();
    setTimeout(() => service.socket.pause(), 2);
  }, 40);
  await publishing;
  await until(() => service.closed || service.received.filter(({ cmd }) => cmd === 'publish').length === 200);
  clearInterval(slowly);
  expect(await metric(broker, 'watchpost_broker_refused_total{reason="slow_consumer"}')).toBe(0);
}, 60_000);
