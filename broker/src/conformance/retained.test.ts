import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BrokerService } from '../broker-service.ts';
import { brokerUnderTest } from './broker-under-test.ts';
import { Peer } from './peer.ts';

let broker: BrokerService;
let sender: Peer;
beforeAll(async () => {
  broker = await brokerUnderTest();
  sender = await Peer.connect(broker, 'sender');
});
afterAll(() => broker.stop());

async function heardBy(filter: string, qos: 0 | 1 | 2 = 2) {
  const peer = await Peer.connect(broker, crypto.randomUUID());
  await peer.subscribe({ topic: filter, qos });
  const heard = await peer.messagesUntilNow();
  await peer.disconnect();
  return heard.map((packet) => [packet.payload.toString(), packet.qos, packet.retain]);
}

const retained = (topic: string, payload: string, qos: 0 | 1 | 2 = 1) =>
  sender.published(topic, payload, { retain: true, qos });

test('[MQTT-3.3.1-5] [MQTT-3.3.1-6] [MQTT-3.3.1-8] the last retained message goes to each new subscription, marked', async () => {
  await retained('r1/x', 'old');
  await retained('r1/x', 'new');
  expect(await heardBy('r1/x')).toEqual([['new', 1, true]]);
  expect(await heardBy('r1/+')).toEqual([['new', 1, true]]);
});

test('[MQTT-3.3.1-6] with the lower of both QoS, for wildcards too', async () => {
  await retained('r1q/x', 'm', 1);
  expect(await heardBy('r1q/+', 0)).toEqual([['m', 0, true]]);
  expect(await heardBy('r1q/x', 2)).toEqual([['m', 1, true]]);
});

test('[MQTT-3.3.1-7] a retained message of QoS 0 replaces one of QoS 1', async () => {
  await retained('r2/x', 'one');
  sender.publish('r2/x', 'zero', { retain: true });
  await sender.published('sync');
  expect(await heardBy('r2/x')).toEqual([['zero', 0, true]]);
});

test('[MQTT-3.3.1-9] an established subscription gets it unmarked', async () => {
  const peer = await Peer.connect(broker, 'established');
  await peer.subscribe('r3/x');
  await retained('r3/x', 'm');
  expect(await peer.message()).toMatchObject({ retain: false });
  await peer.disconnect();
});

test('[MQTT-3.3.1-10] [MQTT-3.3.1-11] an empty retained message is delivered, removes the former one and is not kept', async () => {
  await retained('r4/x', 'm');
  const peer = await Peer.connect(broker, 'emptied');
  await peer.subscribe('r4/x');
  await peer.message();
  await retained('r4/x', '');
  expect(await peer.message()).toMatchObject({ payload: Buffer.alloc(0), retain: false });
  expect(await heardBy('r4/x')).toEqual([]);
  await peer.disconnect();
});

test('[MQTT-3.3.1-12] a message without retain neither replaces nor removes', async () => {
  await retained('r5/x', 'kept');
  await sender.published('r5/x', 'passing');
  expect(await heardBy('r5/x')).toEqual([['kept', 1, true]]);
});

test('[MQTT-3.1.2-7] retained messages outlive the session that published them', async () => {
  const author = await Peer.connect(broker, 'author');
  await author.published('r6/x', 'm', { retain: true });
  await author.disconnect();
  const again = await Peer.connect(broker, 'author', { clean: true });
  await again.disconnect();
  expect(await heardBy('r6/x')).toEqual([['m', 1, true]]);
});

test('a retained message that a kept session did not acknowledge comes again', async () => {
  await retained('r7/x', 'm');
  const peer = await Peer.connect(broker, 'forgetful', { clean: false });
  await peer.subscribe('r7/x');
  const first = await peer.message();
  await peer.vanish();
  const back = await Peer.connect(broker, 'forgetful', { clean: false });
  expect(await back.message()).toMatchObject({ dup: true, messageId: first.messageId });
  await back.disconnect();
});
