import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BrokerService } from '../broker-service.ts';
import { brokerUnderTest } from './broker-under-test.ts';
import { Peer } from './peer.ts';

let broker: BrokerService;
let sender: Peer;
beforeAll(async () => {
  broker = await brokerUnderTest({ denySubscribe: 'denied' });
  sender = await Peer.connect(broker, 'sender');
});
afterAll(() => broker.stop());

const id = () => crypto.randomUUID().slice(0, 8);
const qosOf = (qos: number) => qos as 0 | 1 | 2;

test('[MQTT-3.8.4-1] [MQTT-3.8.4-2] [MQTT-3.8.4-4] [MQTT-3.8.4-5] [MQTT-3.9.3-1] [MQTT-3.9.3-2] [MQTT-2.3.1-7] one SUBACK with the same id and a code for each filter in order', async () => {
  const peer = await Peer.connect(broker, id());
  const subscriptions = [
    { topic: 'a', qos: qosOf(2) },
    { topic: 'denied', qos: qosOf(1) },
    { topic: 'b/#', qos: qosOf(0) },
    { topic: 'c/+', qos: qosOf(1) },
  ];
  peer.raw.send({ cmd: 'subscribe', messageId: 4711, subscriptions });
  expect(await peer.raw.next('suback')).toMatchObject({ messageId: 4711, granted: [2, 0x80, 0, 1] });
  await peer.disconnect();
});

test('[MQTT-3.8.3-2] [MQTT-4.7.1-2] [MQTT-4.7.1-3] wildcards select as they should', async () => {
  const peer = await Peer.connect(broker, id());
  await peer.subscribe('sel/+/x', 'sel/deep/#', '/sel');
  for (const topic of [
    'sel/1/x',
    'sel//x',
    'sel/1/y',
    'sel/deep',
    'sel/deep/er/yet',
    '/sel',
    'sel',
    'SEL/1/x',
  ])
    sender.publish(topic, topic);
  await sender.published('sync');
  expect(await peer.heardUntilNow()).toEqual(['sel/1/x', 'sel//x', 'sel/deep', 'sel/deep/er/yet', '/sel']);
  await peer.disconnect();
});

test('[MQTT-4.7.2-1] a filter that begins with a wildcard does not reach $ topics', async () => {
  const peer = await Peer.connect(broker, id());
  const exact = await Peer.connect(broker, id());
  await peer.subscribe('#', '+/dollar');
  await exact.subscribe('$private/#');
  await sender.published('$private/dollar', 'secret', { retain: true });
  expect(await exact.heardUntilNow()).toEqual(['secret']);
  expect(await peer.heardUntilNow()).toEqual([]);
  const later = await Peer.connect(broker, id());
  await later.subscribe('+/dollar');
  expect(await later.heardUntilNow()).toEqual([]);
  await sender.published('$private/dollar', '', { retain: true });
  await Promise.all([peer.disconnect(), exact.disconnect(), later.disconnect()]);
});

test.each([
  [0, 2],
  [1, 2],
  [2, 2],
  [0, 1],
  [1, 1],
  [2, 1],
  [2, 0],
])(
  '[MQTT-3.8.4-6] published with QoS %d to a wildcard of QoS %d: the lower of both',
  async (published, granted) => {
    for (const clean of [true, false]) {
      const peer = await Peer.connect(broker, id(), { clean });
      await peer.subscribe({ topic: 'lower/+', qos: qosOf(granted) });
      sender.publish('lower/x', 'm', { qos: qosOf(published), ...(published > 0 ? { messageId: 9 } : {}) });
      expect((await peer.message()).qos).toBe(Math.min(published, granted));
      if (published === 2) {
        await sender.raw.next('pubrec');
        sender.raw.send({ cmd: 'pubrel', messageId: 9 });
        await sender.raw.next('pubcomp');
      }
      if (published === 1) await sender.raw.next('puback');
      await peer.disconnect();
    }
  },
);

test.each([
  [0, 1, 2],
  [2, 1, 0],
  [0, 2, 1],
])('[MQTT-3.3.5-1] overlapping subscriptions of QoS %d, %d, %d: once, with the highest', async (...qos) => {
  for (const clean of [true, false]) {
    const peer = await Peer.connect(broker, id(), { clean });
    const filters = ['over/#', 'over/+', 'over/x'];
    for (const [index, topic] of filters.entries())
      await peer.subscribe({ topic, qos: qosOf(qos[index] ?? 0) });
    sender.publish('over/x', 'm', { qos: 2, messageId: 9 });
    await sender.raw.next('pubrec');
    sender.raw.send({ cmd: 'pubrel', messageId: 9 });
    await sender.raw.next('pubcomp');
    expect((await peer.message()).qos).toBe(2);
    expect(await peer.heardUntilNow()).toEqual([]);
    await peer.disconnect();
  }
});

test('[MQTT-3.8.4-3] subscribing again replaces the QoS, sends retained messages again and loses nothing', async () => {
  const peer = await Peer.connect(broker, id());
  await sender.published('again/x', 'kept', { retain: true });
  await peer.subscribe({ topic: 'again/x', qos: 1 });
  expect(await peer.message()).toMatchObject({ qos: 1, retain: true });
  await peer.subscribe({ topic: 'again/x', qos: 0 });
  expect(await peer.message()).toMatchObject({ qos: 0, retain: true });
  await sender.published('again/x', 'live');
  expect(await peer.message()).toMatchObject({ qos: 0, retain: false });
  expect(await peer.heardUntilNow()).toEqual([]);
  await peer.disconnect();
});

test('[MQTT-3.10.4-1] [MQTT-3.10.4-2] [MQTT-3.10.4-4] UNSUBSCRIBE ends exactly the named filter and is answered with its id', async () => {
  const peer = await Peer.connect(broker, id(), { clean: false });
  await peer.subscribe('un/a', 'un/A', 'un/+');
  peer.raw.send({ cmd: 'unsubscribe', messageId: 4712, unsubscriptions: ['un/a', 'un/+'] });
  expect(await peer.raw.next('unsuback')).toMatchObject({ messageId: 4712 });
  await sender.published('un/a', 'a');
  await sender.published('un/A', 'A');
  expect(await peer.heardUntilNow()).toEqual(['A']);
  await peer.disconnect();
});

test('[MQTT-3.10.4-5] [MQTT-3.10.4-6] UNSUBSCRIBE of several filters, none of them known, is answered once', async () => {
  const peer = await Peer.connect(broker, id());
  await peer.unsubscribe('nothing', 'nothing/else', '#');
  expect(await peer.heardUntilNow()).toEqual([]);
  await peer.disconnect();
});

test('[MQTT-3.10.4-3] a message that was on its way is finished after UNSUBSCRIBE', async () => {
  const clientId = id();
  const peer = await Peer.connect(broker, clientId, { clean: false });
  await peer.subscribe('way/x');
  await sender.published('way/x', 'm');
  await peer.message();
  await peer.unsubscribe('way/x');
  await peer.vanish();
  const back = await Peer.connect(broker, clientId, { clean: false });
  expect(await back.message()).toMatchObject({ payload: Buffer.from('m'), qos: 1, dup: true });
  await back.disconnect();
});

test('[MQTT-3.3.2-3] the topic of a delivered message is the one it was published to', async () => {
  const peer = await Peer.connect(broker, id());
  await peer.subscribe('of/#');
  sender.publish('of/course', 'm');
  expect((await peer.message()).topic).toBe('of/course');
  await peer.disconnect();
});
