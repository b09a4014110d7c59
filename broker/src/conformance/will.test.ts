import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BrokerService } from '../broker-service.ts';
import { brokerUnderTest } from './broker-under-test.ts';
import { Peer } from './peer.ts';

let broker: BrokerService;
let witness: Peer;
beforeAll(async () => {
  broker = await brokerUnderTest();
  witness = await Peer.connect(broker, 'witness');
  await witness.subscribe({ topic: 'will/#', qos: 2 });
});
afterAll(() => broker.stop());

const will = (topic: string, more = {}) => ({
  topic,
  payload: Buffer.from('gone'),
  qos: 0 as const,
  retain: false,
  ...more,
});

test('[MQTT-3.1.2-8] the will is published when the network is lost', async () => {
  const peer = await Peer.connect(broker, 'w1', { will: will('will/1') });
  await peer.vanish();
  expect(await witness.message()).toMatchObject({ topic: 'will/1', qos: 0 });
});

test('[MQTT-3.1.2-8] and when the keep-alive runs out', async () => {
  await Peer.connect(broker, 'w2', { keepalive: 1, will: will('will/2') });
  expect(await witness.message()).toMatchObject({ topic: 'will/2' });
});

test('[MQTT-3.1.2-8] and when the client breaks the protocol', async () => {
  const peer = await Peer.connect(broker, 'w3', { will: will('will/3') });
  peer.raw.send(Buffer.from([0xf0, 0]));
  expect(await witness.message()).toMatchObject({ topic: 'will/3' });
});

test('[MQTT-3.1.2-10] [MQTT-3.14.4-3] DISCONNECT discards the will', async () => {
  const peer = await Peer.connect(broker, 'w4', { will: will('will/4') });
  await peer.disconnect();
  expect(await witness.heardUntilNow()).toEqual([]);
});

test('[MQTT-3.1.2-12] without a will nothing is published', async () => {
  const peer = await Peer.connect(broker, 'w5');
  await peer.vanish();
  expect(await witness.heardUntilNow()).toEqual([]);
});

test.each([0, 1, 2] as const)(
  '[MQTT-3.1.2-9] [MQTT-3.1.2-14] a will of QoS %d keeps its QoS',
  async (qos) => {
    const peer = await Peer.connect(broker, `w6${qos}`, { will: will('will/6', { qos }) });
    await peer.vanish();
    expect(await witness.message()).toMatchObject({ topic: 'will/6', qos });
  },
);

test.each([
  ['[MQTT-3.1.2-16] a will without retain is not kept', false],
  ['[MQTT-3.1.2-17] a will with retain is', true],
])('%s', async (_what, retain) => {
  const peer = await Peer.connect(broker, 'w7', { will: will(`will/7/${retain}`, { retain }) });
  await peer.vanish();
  await witness.message();
  const later = await Peer.connect(broker, 'later');
  await later.subscribe(`will/7/${retain}`);
  expect(await later.heardUntilNow()).toEqual(retain ? ['gone'] : []);
  await later.disconnect();
});

test('[MQTT-3.1.2-10] a will is published once', async () => {
  const first = await Peer.connect(broker, 'w8', { clean: false, will: will('will/8') });
  await first.vanish();
  await witness.message();
  const second = await Peer.connect(broker, 'w8', { clean: false });
  await second.vanish();
  expect(await witness.heardUntilNow()).toEqual([]);
});
