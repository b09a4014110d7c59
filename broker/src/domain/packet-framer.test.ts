import fc from 'fast-check';
import mqttPacket from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { PacketFramer } from './packet-framer.ts';

const connect = mqttPacket.generate({
  cmd: 'connect',
  clientId: 'a',
  protocolId: 'MQTT',
  protocolVersion: 4,
  clean: true,
  keepalive: 0,
});
const publish = (bytes: number) =>
  mqttPacket.generate({
    cmd: 'publish',
    topic: 't',
    payload: Buffer.alloc(bytes, 7),
    qos: 0,
    dup: false,
    retain: false,
  });

const framer = () => new PacketFramer({ connectBytes: 256, packetBytes: 20_000 });

describe('PacketFramer', () => {
  test('gives back the same packets however the bytes were cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9000 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 20 }),
        (sizes, cuts) => {
          const sent = [connect, ...sizes.map(publish)];
          let bytes = Buffer.concat(sent);
          const under = framer();
          under.admit();
          const received: Buffer[] = [];
          for (let turn = 0; bytes.length > 0; turn++) {
            const cut = cuts[turn % cuts.length]!;
            received.push(...under.push(bytes.subarray(0, cut)));
            bytes = bytes.subarray(cut);
          }
          expect(received).toEqual(sent);
          expect(under.pendingBytes).toBe(0);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('refuses a long packet at its header, before any of its body', () => {
    const under = framer();
    under.push(connect);
    under.admit();
    const header = publish(30_000).subarray(0, 4);
    expect(() => under.push(header)).toThrow(expect.objectContaining({ code: 'broker.packet_too_large' }));
    expect(under.pendingBytes).toBeLessThanOrEqual(4);
  });

  test('allows less before the client is admitted', () => {
    const under = framer();
    under.push(connect);
    expect(() => under.push(publish(300))).toThrow(
      expect.objectContaining({ code: 'broker.packet_too_large' }),
    );
  });

  test.each([
    ['a first packet that is no CONNECT', publish(1)],
    ['a packet type that only servers send', Buffer.from([0x20, 2, 0, 0])],
    ['packet type 0', Buffer.from([0, 0])],
    ['packet type 15', Buffer.from([0xf0, 0])],
    ['a length of five bytes', Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 1])],
  ])('refuses %s', (_what, bytes) => {
    expect(() => framer().push(bytes)).toThrow(expect.objectContaining({ code: 'broker.malformed_packet' }));
  });
});
