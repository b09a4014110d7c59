import { alertTopic, gatewayTopic } from '@watchpost/contracts/wire';
import type { MqttClient } from 'mqtt';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BrokerService, startBroker } from './broker-service.ts';
import {
  connectAs,
  connectPacket,
  everybody,
  keptWithoutId,
  metric,
  nextMessage,
  RawClient,
  until,
} from './broker-testing.ts';

let broker: BrokerService;
let lines: Record<string, unknown>[];
const clients: MqttClient[] = [];

async function client(name: string, options = {}): Promise<MqttClient> {
  const connected = await connectAs(broker, name, options);
  clients.push(connected);
  return connected;
}

beforeEach(async () => {
  lines = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  broker = await startBroker({ port: 0, identities: everybody, logger });
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((each) => each.endAsync(true)));
  await broker.stop();
});

const up = gatewayTopic('up', 'demo', 'gw1');

describe('identity', () => {
  test('a wrong secret is answered with 4, no user name with 5, and neither is written down', async () => {
    const wrong = connectAs(broker, 'gw1', { password: 'not-the-secret' });
    await expect(wrong).rejects.toMatchObject({ code: 4 });
    await expect(connectAs(broker, 'nobody')).rejects.toMatchObject({ code: 4 });
    await expect(connectAs(broker, undefined)).rejects.toMatchObject({ code: 5 });
    expect(await metric(broker, 'watchpost_broker_refused_total{reason="unauthorized"}')).toBe(3);
    expect(lines.filter((line) => line.code === 'broker.unauthorized')).toHaveLength(3);
    expect(JSON.stringify(lines)).not.toContain('not-the-secret');
  });

  test('anonymous clients are admitted only on loopback', async () => {
    const anonymous = { kind: 'demo', name: 'demo', site: 'demo' } as const;
    await expect(startBroker({ port: 0, host: '0.0.0.0', anonymous })).rejects.toMatchObject({
      code: 'config.invalid',
      path: '/anonymous',
    });
    const open = await startBroker({ port: 0, anonymous });
    const anyone = await connectAs(open, undefined);
    await anyone.endAsync(true);
    await open.stop();
  });

  test('an empty client id needs a clean session', async () => {
    const kept = await RawClient.open(broker);
    kept.send(keptWithoutId);
    expect(await kept.next('connack')).toMatchObject({ returnCode: 2 });
    await kept.end();
    const clean = await RawClient.open(broker);
    clean.send(connectPacket('', { username: 'gw1', password: Buffer.from('gw1') }));
    expect(await clean.next('connack')).toMatchObject({ returnCode: 0, sessionPresent: false });
    clean.socket.destroy();
  });

  test('the same client id takes over; three times in a minute is a duplicate identity', async () => {
    for (let turn = 0; turn < 4; turn++) {
      const previous = clients.at(-1);
      const gone = previous && new Promise((resolve) => previous.once('close', () => resolve(undefined)));
      await client('gw1', { clientId: 'same' });
      await gone;
    }
    expect(await metric(broker, 'watchpost_broker_takeovers_total')).toBe(3);
    expect(lines.filter((line) => line.code === 'wire.duplicate_identity')).toHaveLength(1);
  });

  test('nobody takes over the client id of another principal', async () => {
    const victim = await client('gw1', { clientId: 'gw1-link' });
    await expect(connectAs(broker, 'gw2', { clientId: 'gw1-link' })).rejects.toMatchObject({ code: 2 });
    expect(victim.connected).toBe(true);
    await victim.endAsync();
    await until(() => lines.some((line) => line.msg === 'client disconnected'));
    await client('gw2', { clientId: 'gw1-link' });
  });

  test('a persistent session keeps its id while its owner is away', async () => {
    const owner = await client('gw1', { clientId: 'kept', clean: false });
    await owner.endAsync();
    await until(() => lines.some((line) => line.msg === 'client disconnected'));
    await expect(connectAs(broker, 'gw2', { clientId: 'kept', clean: false })).rejects.toMatchObject({
      code: 2,
    });
  });
});

describe('topic rules', () => {
  test('a gateway’s event reaches alerting', async () => {
    const receiver = await client('alerting');
    await receiver.subscribeAsync('wp/1/demo/+/up', { qos: 1 });
    const arrived = nextMessage(receiver);
    await (await client('gw1')).publishAsync(up, '{}', { qos: 1 });
    expect(await arrived).toEqual({ topic: up, text: '{}', retain: false });
    expect(await metric(broker, 'watchpost_broker_messages_in_total{qos="1"}')).toBe(1);
  });

  test.each([
    ['another gateway’s topic', 'gw1', gatewayTopic('up', 'demo', 'gw2'), false],
    ['another site', 'gw1', gatewayTopic('up', 'elsewhere', 'gw1'), false],
    ['a receipt', 'gw1', gatewayTopic('receipt', 'demo', 'gw1'), true],
    ['a retained event', 'gw1', up, true],
    ['an alert by an integrator', 'flows', alertTopic('demo', 'a1'), true],
    ['an unknown tree', 'alerting', 'lamps/1', false],
    ['$SYS', 'alerting', '$SYS/broker/x', false],
  ])('publishing %s closes the connection', async (_what, name, topic, retain) => {
    const raw = await RawClient.connected(broker, name);
    raw.send({ cmd: 'publish', topic, payload: 'x', qos: 1, messageId: 1, dup: false, retain });
    await raw.end();
    expect(raw.received).toEqual([]);
    expect(await metric(broker, 'watchpost_broker_refused_total{reason="publish"}')).toBe(1);
    expect(lines.find((line) => line.reason === 'publish')).toMatchObject({
      code: 'broker.forbidden_topic',
      topic,
      principal: name,
    });
  });

  test.each([
    ['gw1', '#'],
    ['gw1', 'wp/1/demo/+/cmd'],
    ['gw1', gatewayTopic('cmd', 'demo', 'gw2')],
    ['alerting', 'wp/#'],
    ['alerting', 'wp/1/+/+/up'],
    ['flows', gatewayTopic('policy', 'demo', 'gw1')],
    ['alerting', '$share/g/wp/1/demo/+/up'],
    ['alerting', '$SYS/#'],
    ['alerting', 'lamps/#'],
  ])('%s subscribing %s is answered with 0x80', async (name, topic) => {
    const raw = await RawClient.connected(broker, name);
    const allowed = name === 'gw1' ? gatewayTopic('cmd', 'demo', 'gw1') : 'wp/1/demo/+/state';
    raw.send({
      cmd: 'subscribe',
      messageId: 7,
      subscriptions: [
        { topic, qos: 1 },
        { topic: allowed, qos: 1 },
      ],
    });
    expect((await raw.next('suback')).granted).toEqual([0x80, 1]);
    raw.socket.destroy();
  });

  test('a will that the client may not publish is refused at CONNECT', async () => {
    const will = {
      topic: gatewayTopic('state', 'demo', 'gw2'),
      payload: Buffer.from('{}'),
      retain: true,
      qos: 1,
    };
    await expect(connectAs(broker, 'gw1', { will: { ...will, qos: 1 } })).rejects.toMatchObject({ code: 5 });
  });

  test('a gateway’s will is published when it vanishes, and kept for later', async () => {
    const topic = gatewayTopic('state', 'demo', 'gw1');
    const gateway = await client('gw1', {
      will: { topic, payload: Buffer.from('gone'), retain: true, qos: 1 },
    });
    gateway.stream.destroy();
    const later = await client('alerting');
    const arrived = nextMessage(later);
    await later.subscribeAsync(topic, { qos: 1 });
    expect(await arrived).toMatchObject({ topic, text: 'gone' });
  });
});

describe('stop', () => {
  test('closes every connection, busy or silent, and frees the port', async () => {
    const mine = await startBroker({ port: 0, identities: everybody });
    const silent = await RawClient.open(mine);
    const admitted = await RawClient.connected(mine, 'gw1');
    await mine.stop();
    await Promise.all([silent.end(), admitted.end()]);
    const again = await startBroker({ port: mine.port, identities: everybody });
    expect(again.port).toBe(mine.port);
    await again.stop();
  });

  test('a taken port is one coded error', async () => {
    await expect(startBroker({ port: broker.port })).rejects.toMatchObject({ code: 'config.port_taken' });
  });
});
