import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BrokerService } from '../broker-service.ts';
import { brokerUnderTest } from './broker-under-test.ts';
import { bytes, Peer, text } from './peer.ts';

let broker: BrokerService;
beforeAll(async () => {
  broker = await brokerUnderTest();
});
afterAll(() => broker.stop());

const notUtf8 = Buffer.from([0x61, 0xc3, 0x28]);
const surrogate = Buffer.from([0xed, 0xa0, 0x80]);
const withNull = Buffer.from('a\0b');

test.each([
  ['[MQTT-1.5.3-1] a topic that is no UTF-8', bytes(0x30, text(notUtf8))],
  ['[MQTT-1.5.3-1] a topic with a surrogate', bytes(0x30, text(surrogate))],
  ['[MQTT-3.3.2-1] a topic longer than its packet', bytes(0x30, [0, 9], Buffer.from('a'))],
  ['[MQTT-1.5.3-2] [MQTT-4.7.3-2] a topic with U+0000', bytes(0x30, text(withNull))],
  ['[MQTT-3.8.3-1] a filter that is no UTF-8', bytes(0x82, [0, 1], text(notUtf8), [0])],
  ['[MQTT-3.10.3-1] a filter to unsubscribe that is no UTF-8', bytes(0xa2, [0, 1], text(notUtf8))],
  ['[MQTT-2.2.2-1] [MQTT-2.2.2-2] PINGREQ with a flag', bytes(0xc1)],
  ['[MQTT-2.2.2-2] PUBACK with a flag', bytes(0x41, [0, 1])],
  ['[MQTT-3.6.1-1] PUBREL with other flags', bytes(0x60, [0, 1])],
  ['[MQTT-3.8.1-1] SUBSCRIBE with other flags', bytes(0x80, [0, 1], text('a'), [0])],
  ['[MQTT-3.10.1-1] UNSUBSCRIBE with other flags', bytes(0xa0, [0, 1], text('a'))],
  ['[MQTT-3.14.1-1] DISCONNECT with a flag', bytes(0xe1)],
  ['[MQTT-2.3.1-1] PUBLISH with packet id 0', bytes(0x32, text('a'), [0, 0])],
  ['[MQTT-2.3.1-1] SUBSCRIBE with packet id 0', bytes(0x82, [0, 0], text('a'), [0])],
  ['[MQTT-2.3.1-1] UNSUBSCRIBE with packet id 0', bytes(0xa2, [0, 0], text('a'))],
  ['[MQTT-3.3.1-2] DUP with QoS 0', bytes(0x38, text('a'))],
  ['[MQTT-3.3.1-4] QoS 3', bytes(0x36, text('a'), [0, 1])],
  ['[MQTT-3.3.2-2] [MQTT-4.7.1-1] a topic with +', bytes(0x30, text('a/+'))],
  ['[MQTT-3.3.2-2] [MQTT-4.7.1-1] a topic with #', bytes(0x30, text('a/#'))],
  ['[MQTT-4.7.3-1] an empty topic', bytes(0x30, text(''))],
  ['[MQTT-4.7.3-1] an empty filter', bytes(0x82, [0, 1], text(''), [0])],
  ['[MQTT-4.7.1-2] # before the end', bytes(0x82, [0, 1], text('a/#/b'), [0])],
  ['[MQTT-4.7.1-2] # beside other characters', bytes(0x82, [0, 1], text('a#'), [0])],
  ['[MQTT-4.7.1-3] + beside other characters', bytes(0x82, [0, 1], text('a+/b'), [0])],
  ['[MQTT-3.8.3-3] SUBSCRIBE without a filter', bytes(0x82, [0, 1])],
  ['[MQTT-3.8.3-4] SUBSCRIBE with QoS 3', bytes(0x82, [0, 1], text('a'), [3])],
  ['[MQTT-3.8.3-4] SUBSCRIBE with reserved bits', bytes(0x82, [0, 1], text('a'), [0x80])],
  ['[MQTT-3.10.3-2] UNSUBSCRIBE without a filter', bytes(0xa2, [0, 1])],
  ['PUBACK that is too long', bytes(0x40, [0, 1, 0])],
  ['PINGREQ with a body', bytes(0xc0, [0])],
  ['a packet that only servers send', bytes(0xd0)],
])('[MQTT-4.8.0-1] %s closes the connection', async (_what, sent) => {
  const peer = await Peer.connect(broker, 'breaker');
  peer.raw.send(sent);
  await peer.raw.end();
  expect(peer.raw.received).toEqual([]);
});

test('[MQTT-1.5.3-3] [MQTT-4.7.3-4] U+FEFF stays in a topic, and nothing else of it changes', async () => {
  const topics = ['\ufeffmark', 'caf\u00e9', 'cafe\u0301', 'Caf\u00e9', ' spaced ', '人/门'];
  const peer = await Peer.connect(broker, 'text');
  for (const topic of topics) await peer.subscribe(topic);
  for (const topic of topics) {
    peer.publish(topic, topic);
    expect(await peer.message()).toMatchObject({ topic, payload: Buffer.from(topic) });
  }
  expect(await peer.heardUntilNow()).toEqual([]);
  await peer.disconnect();
});

test('[MQTT-4.7.3-3] a topic of 60,000 bytes arrives', async () => {
  const topic = 'x'.repeat(60_000);
  const peer = await Peer.connect(broker, 'long');
  await peer.subscribe(topic);
  peer.publish(topic, 'm');
  expect((await peer.message()).topic).toHaveLength(60_000);
  await peer.disconnect();
});

test('[MQTT-3.12.4-1] PINGREQ is answered', async () => {
  const peer = await Peer.connect(broker, 'ping');
  peer.raw.send({ cmd: 'pingreq' });
  await peer.raw.next('pingresp');
  await peer.disconnect();
});

test('[MQTT-3.14.4-1] [MQTT-3.14.4-2] nothing after DISCONNECT is processed, and the connection is closed', async () => {
  const witness = await Peer.connect(broker, 'witness');
  await witness.subscribe('after');
  const peer = await Peer.connect(broker, 'leaver');
  peer.raw.send(Buffer.concat([bytes(0xe0), bytes(0x30, text('after'))]));
  await peer.raw.end();
  expect(await witness.heardUntilNow()).toEqual([]);
  await witness.disconnect();
});
