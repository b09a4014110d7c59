import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BrokerService } from '../broker-service.ts';
import { until } from '../broker-testing.ts';
import { brokerUnderTest } from './broker-under-test.ts';
import { Peer } from './peer.ts';

let broker: BrokerService;
let sender: Peer;
beforeAll(async () => {
  broker = await brokerUnderTest();
  sender = await Peer.connect(broker, 'sender');
});
afterAll(() => broker.stop());

const id = () => crypto.randomUUID().slice(0, 8);

async function kept(topic: string, qos: 1 | 2) {
  const clientId = id();
  const peer = await Peer.connect(broker, clientId, { clean: false });
  await peer.subscribe({ topic, qos });
  const back = () => Peer.connect(broker, clientId, { clean: false });
  return { peer, back };
}

async function qos2(from: Peer, topic: string, payload: string, messageId: number): Promise<void> {
  from.publish(topic, payload, { qos: 2, messageId });
  await from.raw.next('pubrec');
  from.raw.send({ cmd: 'pubrel', messageId });
  await from.raw.next('pubcomp');
}

test('[MQTT-2.3.1-5] [MQTT-4.3.1-1] QoS 0 is delivered without packet id and without DUP', async () => {
  const peer = await Peer.connect(broker, id());
  await peer.subscribe('q0');
  sender.publish('q0', 'm');
  const got = await peer.message();
  expect(got).toMatchObject({ qos: 0, dup: false });
  expect(got.messageId).toBeUndefined();
  await peer.disconnect();
});

test('[MQTT-3.3.4-1] [MQTT-4.3.2-2] [MQTT-2.3.1-6] QoS 1 is acknowledged with its id, and the id may come again as a new message', async () => {
  const peer = await Peer.connect(broker, id());
  await peer.subscribe('q1');
  for (const payload of ['first', 'second']) {
    sender.publish('q1', payload, { qos: 1, messageId: 42, dup: payload === 'second' });
    expect(await sender.raw.next('puback')).toMatchObject({ messageId: 42 });
    expect((await peer.message()).payload.toString()).toBe(payload);
  }
  await peer.disconnect();
});

test('[MQTT-3.3.1-3] DUP of the sender is not passed on', async () => {
  const peer = await Peer.connect(broker, id());
  await peer.subscribe('q1dup');
  sender.publish('q1dup', 'm', { qos: 1, messageId: 43, dup: true });
  await sender.raw.next('puback');
  expect((await peer.message()).dup).toBe(false);
  await peer.disconnect();
});

test('[MQTT-3.3.4-1] [MQTT-4.3.3-2] QoS 2 reaches subscribers once, however often PUBLISH and PUBREL are repeated', async () => {
  const peer = await Peer.connect(broker, id());
  await peer.subscribe({ topic: 'q2', qos: 2 });
  for (const dup of [false, true, true]) {
    sender.publish('q2', 'm', { qos: 2, messageId: 44, dup });
    expect(await sender.raw.next('pubrec')).toMatchObject({ messageId: 44 });
  }
  for (let turn = 0; turn < 2; turn++) {
    sender.raw.send({ cmd: 'pubrel', messageId: 44 });
    expect(await sender.raw.next('pubcomp')).toMatchObject({ messageId: 44 });
  }
  await peer.message();
  expect(await peer.heardUntilNow()).toEqual([]);
  await qos2(sender, 'q2', 'the id is free again', 44);
  expect((await peer.message()).payload.toString()).toBe('the id is free again');
  await peer.disconnect();
});

test('[MQTT-4.3.3-1] [MQTT-2.3.1-6] QoS 2 to a subscriber: PUBLISH, PUBREL with the same id after PUBREC, done with PUBCOMP', async () => {
  const { peer, back } = await kept('q2out', 2);
  await qos2(sender, 'q2out', 'm', 45);
  const { messageId = 0, qos, dup } = await peer.message();
  expect([qos, dup]).toEqual([2, false]);
  peer.raw.send({ cmd: 'pubrec', messageId });
  expect(await peer.raw.next('pubrel')).toMatchObject({ messageId });
  peer.raw.send({ cmd: 'pubcomp', messageId });
  expect(await peer.heardUntilNow()).toEqual([]);
  await peer.vanish();
  const again = await back();
  expect(await again.heardUntilNow()).toEqual([]);
  await again.disconnect();
});

test('[MQTT-4.4.0-1] [MQTT-3.3.1-1] [MQTT-2.3.1-3] [MQTT-4.6.0-1] [MQTT-4.3.2-1] unacknowledged messages come again in order, same ids, with DUP', async () => {
  const { peer, back } = await kept('redo/#', 2);
  for (const payload of ['a', 'b', 'c', 'd']) await sender.published('redo/x', payload);
  const first = [await peer.message(), await peer.message(), await peer.message(), await peer.message()];
  peer.ack(first[1]!);
  expect(await peer.heardUntilNow()).toEqual([]);
  await peer.vanish();
  const again = await back();
  const second = [await again.message(), await again.message(), await again.message()];
  expect(second.map(({ payload, dup, messageId }) => [payload.toString(), dup, messageId])).toEqual(
    [first[0]!, first[2]!, first[3]!].map(({ payload, messageId }) => [payload.toString(), true, messageId]),
  );
  await again.disconnect();
});

test('[MQTT-4.4.0-1] [MQTT-4.6.0-4] PUBREL comes again for what was received, PUBLISH for what was not', async () => {
  const { peer, back } = await kept('rel/#', 2);
  for (const [index, payload] of ['a', 'b', 'c'].entries()) await qos2(sender, 'rel/x', payload, 50 + index);
  const got = [await peer.message(), await peer.message(), await peer.message()];
  for (const { messageId = 0 } of got.slice(0, 2)) peer.raw.send({ cmd: 'pubrec', messageId });
  for (const { messageId } of got.slice(0, 2))
    expect(await peer.raw.next('pubrel')).toMatchObject({ messageId });
  await peer.vanish();
  const again = await back();
  for (const { messageId = 0 } of got.slice(0, 2)) {
    expect(await again.raw.next('pubrel')).toMatchObject({ messageId });
    again.raw.send({ cmd: 'pubcomp', messageId });
  }
  expect(await again.message()).toMatchObject({ messageId: got[2]!.messageId, dup: true });
  await again.disconnect();
});

test('[MQTT-4.6.0-2] [MQTT-4.6.0-3] PUBACK and PUBREC come in the order of their PUBLISH', async () => {
  const peer = await Peer.connect(broker, id());
  for (let messageId = 1; messageId <= 50; messageId++) {
    peer.publish('acks', 'm', { qos: messageId % 2 === 0 ? 1 : 2, messageId });
  }
  await until(() => peer.raw.received.length === 50);
  const ids = (cmd: string) =>
    peer.raw.received.filter((packet) => packet.cmd === cmd).map((packet) => packet.messageId);
  expect(ids('puback')).toEqual(Array.from({ length: 25 }, (_each, index) => 2 * index + 2));
  expect(ids('pubrec')).toEqual(Array.from({ length: 25 }, (_each, index) => 2 * index + 1));
  await peer.disconnect();
});

test.each([0, 1, 2] as const)(
  '[MQTT-4.6.0-5] [MQTT-4.6.0-6] messages of QoS %d arrive in the order they were sent, retained or not',
  async (qos) => {
    const topic = `order/${qos}`;
    const peer = await Peer.connect(broker, id());
    const { peer: slow } = await kept(topic, 2);
    await peer.subscribe({ topic, qos: 2 });
    await slow.subscribe({ topic, qos: 2 });
    for (let turn = 0; turn < 100; turn++) {
      sender.publish(topic, `${turn}`, {
        qos,
        retain: turn % 3 === 0,
        ...(qos > 0 ? { messageId: turn + 1 } : {}),
      });
    }
    const expected = Array.from({ length: 100 }, (_each, index) => `${index}`);
    for (const receiver of [peer, slow]) {
      const heard: string[] = [];
      while (heard.length < 100) heard.push((await receiver.message()).payload.toString());
      expect(heard).toEqual(expected);
    }
    for (let turn = 0; qos === 2 && turn < 100; turn++)
      sender.raw.send({ cmd: 'pubrel', messageId: turn + 1 });
    await Promise.all([peer.disconnect(), slow.disconnect()]);
  },
);

test('nothing is lost when QoS 0, 1 and 2 are mixed', async () => {
  const peer = await Peer.connect(broker, id());
  await peer.subscribe({ topic: 'mixed', qos: 2 });
  const from = await Peer.connect(broker, id());
  for (let turn = 0; turn < 150; turn++) {
    const qos = (turn % 3) as 0 | 1 | 2;
    from.publish('mixed', `${turn}`, {
      qos,
      retain: turn % 5 === 0,
      ...(qos > 0 ? { messageId: turn + 1 } : {}),
    });
  }
  const heard = new Set<string>();
  while (heard.size < 150) heard.add((await peer.message()).payload.toString());
  expect(await peer.heardUntilNow()).toEqual([]);
  await Promise.all([peer.disconnect(), from.disconnect()]);
});

test('[MQTT-4.6.0-1] [MQTT-4.6.0-6] messages that arrive while a queue is read come behind it, in order', async () => {
  const { peer, back } = await kept('queue/order', 1);
  const from = await Peer.connect(broker, id());
  await peer.vanish();
  for (let turn = 0; turn < 300; turn++)
    from.publish('queue/order', `${turn}`, { qos: 1, messageId: turn + 1 });
  await from.published('queue/other');
  const again = back();
  for (let turn = 300; turn < 900; turn++) {
    from.publish('queue/order', `${turn}`, { qos: 1, messageId: turn + 1 });
    if (turn % 10 === 0) await new Promise(setImmediate);
  }
  const heard: string[] = [];
  const peer2 = await again;
  while (heard.length < 900) {
    const got = await peer2.message();
    peer2.ack(got);
    heard.push(got.payload.toString());
  }
  expect(heard).toEqual(Array.from({ length: 900 }, (_each, turn) => `${turn}`));
  await Promise.all([peer2.disconnect(), from.disconnect()]);
});

test('[MQTT-2.3.1-2] [MQTT-2.3.1-4] ids of messages on their way to a client are all different', async () => {
  const { peer, back } = await kept('ids', 1);
  for (let turn = 0; turn < 30; turn++) await sender.published('ids', `${turn}`);
  const first = new Set<number | undefined>();
  while (first.size < 30) first.add((await peer.message()).messageId);
  await peer.vanish();
  const again = await back();
  for (let turn = 30; turn < 60; turn++) await sender.published('ids', `${turn}`);
  const second = new Set<number | undefined>();
  for (let turn = 0; turn < 60; turn++) second.add((await again.message()).messageId);
  expect(second.size).toBe(60);
  expect(second.has(0)).toBe(false);
  await again.disconnect();
});

test('[MQTT-4.1.0-1] [MQTT-4.1.0-2] a session keeps subscriptions and QoS 2 ids over a lost connection', async () => {
  const clientId = id();
  const peer = await Peer.connect(broker, clientId, { clean: false });
  await peer.subscribe({ topic: 'state', qos: 2 });
  peer.publish('state', 'm', { qos: 2, messageId: 7 });
  await peer.raw.next('pubrec');
  await peer.vanish();
  const again = await Peer.connect(broker, clientId, { clean: false });
  again.publish('state', 'm', { qos: 2, messageId: 7, dup: true });
  await again.raw.next('pubrec');
  again.raw.send({ cmd: 'pubrel', messageId: 7 });
  await again.raw.next('pubcomp');
  await again.message();
  expect(await again.heardUntilNow()).toEqual([]);
  await again.disconnect();
});

test('[MQTT-3.3.5-2] a publish that is not allowed closes the connection', async () => {
  const peer = await Peer.connect(broker, id());
  peer.publish('$SYS/x', 'm', { qos: 1, messageId: 1 });
  await peer.raw.end();
  expect(peer.raw.received).toEqual([]);
});
