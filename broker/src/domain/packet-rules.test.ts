import fc from 'fast-check';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { bytes, connectBytes, text } from '../conformance/peer.ts';
import { checkPacket } from './packet-rules.ts';

describe('checkPacket', () => {
  test.each([
    ['MQTT-3.1.2-1', bytes(0x10, text('MQTX'), [4, 2, 0, 0], text('a'))],
    ['MQTT-3.1.2-2', bytes(0x10, text('MQTT'), [5, 2, 0, 0], text('a'))],
    ['MQTT-3.1.2-3', connectBytes(0x03, text('a'))],
    ['MQTT-3.1.2-13', connectBytes(0x0a, text('a'))],
    ['MQTT-3.1.2-14', connectBytes(0x1e, text('a'), text('w'), text('m'))],
    ['MQTT-3.1.2-15', connectBytes(0x22, text('a'))],
    ['MQTT-3.1.2-22', connectBytes(0x42, text('a'), text('p'))],
    ['MQTT-3.1.3-4', connectBytes(0x02, text(Buffer.from([0xff])))],
    ['MQTT-3.1.3-10', connectBytes(0x06, text('a'), text(Buffer.from([0xff])), text(''))],
    ['MQTT-3.1.3-11', connectBytes(0x82, text('a'), text(Buffer.from([0xff])))],
    ['MQTT-4.8.0-1', connectBytes(0x02, text('a'), text('more'))],
    ['MQTT-2.2.2-2', bytes(0xc1)],
    ['MQTT-3.14.1-1', bytes(0xe1)],
    ['MQTT-2.3.1-1', bytes(0x32, text('a'), [0, 0])],
    ['MQTT-3.3.1-2', bytes(0x38, text('a'))],
    ['MQTT-3.3.1-4', bytes(0x36, text('a'), [0, 1])],
    ['MQTT-3.3.2-2', bytes(0x30, text('a/+'))],
    ['MQTT-4.7.3-1', bytes(0x30, text(''))],
    ['MQTT-1.5.3-2', bytes(0x30, text('a\0'))],
    ['MQTT-4.7.1-2', bytes(0x82, [0, 1], text('a#'), [0])],
    ['MQTT-3.8.3-3', bytes(0x82, [0, 1])],
    ['MQTT-3.8.3-4', bytes(0x82, [0, 1], text('a'), [3])],
    ['MQTT-3.10.3-2', bytes(0xa2, [0, 1])],
  ])('names %s', (statement, packet) => {
    expect(() => checkPacket(packet)).toThrow(
      expect.objectContaining({
        code: 'broker.malformed_packet',
        details: expect.objectContaining({ statement }),
      }),
    );
  });

  test('says how many filters a packet carries, and refuses more filters than are permitted', () => {
    const filters = ['a', 'b', 'c'].flatMap((filter) => [...text(filter), 0]);
    const subscribe = bytes(0x82, [0, 1], filters);
    expect(checkPacket(subscribe, 3)).toBe(3);
    expect(checkPacket(bytes(0x30, text('a')), 0)).toBe(0);
    expect(() => checkPacket(subscribe, 2)).toThrow(expect.objectContaining({ code: 'broker.quota' }));
  });

  test('accepts U+FFFD where it is meant', () => {
    checkPacket(bytes(0x30, text('a\ufffdb')));
  });

  test('accepts what a library writes', () => {
    const topic = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((each) => !/[+#\0]/.test(each) && each.isWellFormed());
    const id = fc.integer({ min: 1, max: 65_535 });
    const payload = fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each));
    const packet: fc.Arbitrary<Packet> = fc.oneof(
      fc.record({
        cmd: fc.constant('publish' as const),
        topic,
        payload,
        qos: fc.constantFrom(1 as const, 2 as const),
        messageId: id,
        dup: fc.boolean(),
        retain: fc.boolean(),
      }),
      fc.record({
        cmd: fc.constant('subscribe' as const),
        messageId: id,
        subscriptions: fc.array(
          fc.record({ topic, qos: fc.constantFrom(0 as const, 1 as const, 2 as const) }),
          { minLength: 1, maxLength: 5 },
        ),
      }),
      fc.record({
        cmd: fc.constant('unsubscribe' as const),
        messageId: id,
        unsubscriptions: fc.array(topic, { minLength: 1, maxLength: 5 }),
      }),
      fc.record({
        cmd: fc.constantFrom('puback' as const, 'pubrec' as const, 'pubrel' as const, 'pubcomp' as const),
        messageId: id,
      }),
      fc.record({
        cmd: fc.constant('connect' as const),
        clientId: topic,
        clean: fc.boolean(),
        keepalive: fc.nat(65_535),
        protocolId: fc.constant('MQTT' as const),
        protocolVersion: fc.constant(4 as const),
        username: topic,
        password: payload,
        will: fc.record({
          topic,
          payload,
          qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
          retain: fc.boolean(),
        }),
      }),
    );
    fc.assert(
      fc.property(packet, (each) => {
        checkPacket(mqttPacket.generate(each));
      }),
    );
  });
});
