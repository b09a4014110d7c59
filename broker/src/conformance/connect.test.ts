import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BrokerService } from '../broker-service.ts';
import { connectPacket, keptWithoutId, RawClient } from '../broker-testing.ts';
import { brokerUnderTest } from './broker-under-test.ts';
import { bytes, connectBytes, Peer, text } from './peer.ts';

let broker: BrokerService;
beforeAll(async () => {
  broker = await brokerUnderTest();
});
afterAll(() => broker.stop());

/** Sends bytes on a new connection and tells what came back before it was closed. */
async function answerTo(...sent: Buffer[]): Promise<string[]> {
  const raw = await RawClient.open(broker);
  raw.send(...sent);
  await raw.end();
  return raw.received.map((packet) => packet.cmd);
}

const id = () => crypto.randomUUID().slice(0, 8);

test('[MQTT-3.1.0-1] a first packet that is no CONNECT closes the connection', async () => {
  expect(await answerTo(bytes(0xc0))).toEqual([]);
});

test('[MQTT-3.1.0-2] a second CONNECT closes the connection', async () => {
  const peer = await Peer.connect(broker, id());
  peer.raw.send(connectPacket('other'));
  await peer.raw.end();
  expect(peer.raw.received).toEqual([]);
});

test('[MQTT-3.1.2-1] another protocol name is closed without an answer', async () => {
  expect(await answerTo(bytes(0x10, text('MQTX'), [4, 2, 0, 30], text('a')))).toEqual([]);
});

test.each([0, 3, 5, 6, 0x84])(
  '[MQTT-3.1.2-2] protocol level %d is answered with 1, then closed',
  async (level) => {
    const raw = await RawClient.open(broker);
    raw.send(bytes(0x10, text('MQTT'), [level, 2, 0, 30], text('a')));
    expect(await raw.next('connack')).toMatchObject({ returnCode: 1, sessionPresent: false });
    await raw.end();
  },
);

test('MQTT 3.1 is spoken as well', async () => {
  const raw = await RawClient.open(broker);
  raw.send(bytes(0x10, text('MQIsdp'), [3, 2, 0, 30], text('a')));
  expect(await raw.next('connack')).toMatchObject({ returnCode: 0 });
  raw.socket.destroy();
});

test.each([
  ['[MQTT-3.1.2-3] the reserved flag', connectBytes(0x03, text('a'))],
  ['[MQTT-3.1.2-9] a will without its fields', connectBytes(0x06, text('a'))],
  ['[MQTT-3.1.2-11] [MQTT-3.1.2-13] a will QoS without a will', connectBytes(0x0a, text('a'))],
  ['[MQTT-3.1.2-14] a will QoS of 3', connectBytes(0x1e, text('a'), text('w'), text('m'))],
  ['[MQTT-3.1.2-15] will retain without a will', connectBytes(0x22, text('a'))],
  ['[MQTT-3.1.2-18] a user name without its flag', connectBytes(0x02, text('a'), text('user'))],
  ['[MQTT-3.1.2-19] the user flag without a user name', connectBytes(0x82, text('a'))],
  ['[MQTT-3.1.2-20] a password without its flag', connectBytes(0x82, text('a'), text('user'), text('pass'))],
  ['[MQTT-3.1.2-21] the password flag without a password', connectBytes(0xc2, text('a'), text('user'))],
  ['[MQTT-3.1.2-22] a password without a user name', connectBytes(0x42, text('a'), text('pass'))],
  ['[MQTT-3.1.3-3] no client id at all', connectBytes(0x02)],
  ['[MQTT-3.1.3-4] a client id that is no UTF-8', connectBytes(0x02, text(Buffer.from([0xc3, 0x28])))],
  [
    '[MQTT-3.1.3-10] a will topic that is no UTF-8',
    connectBytes(0x06, text('a'), text(Buffer.from([0xff])), text('')),
  ],
  ['[MQTT-3.1.3-11] a user name that is no UTF-8', connectBytes(0x82, text('a'), text(Buffer.from([0xff])))],
  ['[MQTT-3.1.3-1] fields in another order', connectBytes(0x06, text('topic/#'), text('a/#'), text('m'))],
])('[MQTT-3.1.4-1] %s closes without CONNACK', async (_what, sent) => {
  expect(await answerTo(sent)).toEqual([]);
});

test('[MQTT-3.1.2-4] [MQTT-3.2.2-2] [MQTT-3.2.2-3] a kept session is present the next time, also without subscriptions', async () => {
  const clientId = id();
  const first = await Peer.connect(broker, clientId, { clean: false });
  expect(first.connack).toMatchObject({ returnCode: 0, sessionPresent: false });
  await first.disconnect();
  const second = await Peer.connect(broker, clientId, { clean: false });
  expect(second.connack.sessionPresent).toBe(true);
  await second.subscribe('s/x');
  await second.disconnect();
  const third = await Peer.connect(broker, clientId, { clean: false });
  expect(third.connack.sessionPresent).toBe(true);
  await third.disconnect();
});

test('[MQTT-3.1.2-6] [MQTT-3.2.2-1] [MQTT-3.1.4-3] a clean session discards the former one', async () => {
  const clientId = id();
  const kept = await Peer.connect(broker, clientId, { clean: false });
  await kept.subscribe('clean/x');
  await kept.disconnect();
  const sender = await Peer.connect(broker, id());
  await sender.published('clean/x', 'waiting');
  const clean = await Peer.connect(broker, clientId, { clean: true });
  expect(clean.connack.sessionPresent).toBe(false);
  expect(await clean.heardUntilNow()).toEqual([]);
  await clean.disconnect();
  const again = await Peer.connect(broker, clientId, { clean: false });
  expect(again.connack.sessionPresent).toBe(false);
  await Promise.all([again.disconnect(), sender.disconnect()]);
});

test('[MQTT-3.1.2-5] [MQTT-4.5.0-1] QoS 1 and 2 wait for a kept session, in order', async () => {
  const clientId = id();
  const kept = await Peer.connect(broker, clientId, { clean: false });
  await kept.subscribe({ topic: 'wait/#', qos: 2 });
  await kept.disconnect();
  const sender = await Peer.connect(broker, id());
  await sender.published('wait/1', 'one');
  sender.publish('wait/2', 'two', { qos: 2, messageId: 5 });
  await sender.raw.next('pubrec');
  await sender.published('wait/3', 'three');
  const back = await Peer.connect(broker, clientId, { clean: false });
  const got = [await back.message(), await back.message(), await back.message()];
  expect(got.map((each) => [each.payload.toString(), each.qos, each.dup])).toEqual([
    ['one', 1, false],
    ['two', 2, false],
    ['three', 1, false],
  ]);
  await Promise.all([back.disconnect(), sender.disconnect()]);
});

test('[MQTT-3.1.2-24] a silent client is closed after one and a half times its keep-alive', async () => {
  const peer = await Peer.connect(broker, id(), { keepalive: 1 });
  await peer.raw.end();
});

test.each(['a', 'abcdefghijklmnopqrstuvw', '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'])(
  '[MQTT-3.1.3-2] [MQTT-3.1.3-5] client id %s is accepted',
  async (clientId) => {
    const peer = await Peer.connect(broker, clientId);
    expect(peer.connack.returnCode).toBe(0);
    await peer.disconnect();
  },
);

test('[MQTT-3.1.3-6] two clients without an id get one each', async () => {
  const peers = [await Peer.connect(broker, ''), await Peer.connect(broker, '')];
  for (const peer of peers) {
    expect(peer.connack.returnCode).toBe(0);
    expect(await peer.heardUntilNow()).toEqual([]);
    await peer.disconnect();
  }
});

test('[MQTT-3.1.3-7] [MQTT-3.1.3-8] [MQTT-3.1.3-9] [MQTT-3.2.2-4] [MQTT-3.2.2-5] no client id with a session to keep: 2, then closed', async () => {
  const raw = await RawClient.open(broker);
  raw.send(keptWithoutId);
  expect(await raw.next('connack')).toMatchObject({ returnCode: 2, sessionPresent: false });
  await raw.end();
});

test('[MQTT-3.1.4-2] the same client id again closes the older connection', async () => {
  const clientId = id();
  const older = await Peer.connect(broker, clientId);
  const newer = await Peer.connect(broker, clientId);
  await older.raw.end();
  expect(await newer.heardUntilNow()).toEqual([]);
  await newer.disconnect();
});

test('[MQTT-3.1.4-4] [MQTT-3.2.0-1] the first packet from the server is CONNACK 0, whatever waits', async () => {
  const clientId = id();
  const kept = await Peer.connect(broker, clientId, { clean: false });
  await kept.subscribe('first/#');
  await kept.disconnect();
  const sender = await Peer.connect(broker, id());
  for (let turn = 0; turn < 20; turn++) sender.publish('first/x', `${turn}`, { qos: 1, messageId: turn + 1 });
  const raw = await RawClient.open(broker);
  raw.send(connectPacket(clientId, { clean: false }));
  for (let turn = 20; turn < 40; turn++)
    sender.publish('first/x', `${turn}`, { qos: 1, messageId: turn + 1 });
  const numbers: number[] = [];
  await raw.next('connack');
  while (numbers.at(-1) !== 39) numbers.push(Number((await raw.next('publish')).payload));
  expect(numbers).toEqual(Array.from({ length: 40 }, (_each, index) => index));
  raw.socket.destroy();
  await sender.disconnect();
});

test('[MQTT-3.1.4-5] [MQTT-3.2.2-6] nothing after a refused CONNECT is processed', async () => {
  const witness = await Peer.connect(broker, id());
  await witness.subscribe('refused/#');
  const raw = await RawClient.open(broker);
  raw.send(Buffer.concat([keptWithoutId, bytes(0x30, text('refused/x'), Buffer.from('m'))]));
  await raw.end();
  expect(await witness.heardUntilNow()).toEqual([]);
  await witness.disconnect();
});

test('packets sent before CONNACK are processed once it is out (§3.1.4)', async () => {
  const witness = await Peer.connect(broker, id());
  await witness.subscribe('early/#');
  const raw = await RawClient.open(broker);
  raw.send(connectPacket(id()), {
    cmd: 'publish',
    topic: 'early/x',
    payload: 'm',
    qos: 0,
    dup: false,
    retain: false,
  });
  expect((await witness.message()).payload.toString()).toBe('m');
  raw.socket.destroy();
  await witness.disconnect();
});
