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

/** What is whole after these bytes. */
const packetsOf = (under: PacketFramer, bytes: Buffer): Buffer[] => {
  under.push(bytes);
  const packets: Buffer[] = [];
  for (let packet = under.next(); packet; packet = under.next()) packets.push(packet);
  return packets;
};

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
            received.push(...packetsOf(under, bytes.subarray(0, cut)));
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
    packetsOf(under, connect);
    under.admit();
    const header = publish(30_000).subarray(0, 4);
    expect(() => packetsOf(under, header)).toThrow(
      expect.objectContaining({ code: 'broker.packet_too_large' }),
    );
    expect(under.pendingBytes).toBeLessThanOrEqual(4);
  });

  test('allows less before the client is admitted', () => {
    const under = framer();
    packetsOf(under, connect);
    expect(() => packetsOf(under, publish(300))).toThrow(
      expect.objectContaining({ code: 'broker.packet_too_large' }),
    );
  });

  test('looks at a packet when its turn has come, and not before', () => {
    const under = framer();
    under.push(Buffer.concat([connect, Buffer.from([0xf0, 0])]));
    expect(under.next()).toEqual(connect);
    expect(under.hasUnread).toBe(true);
    expect(() => under.next()).toThrow(expect.objectContaining({ code: 'broker.malformed_packet' }));
  });

  test('takes more while something is not looked at yet', () => {
    const under = framer();
    under.push(Buffer.concat([connect, connect]));
    under.next();
    under.push(connect);
    expect([under.next(), under.next(), under.next()]).toEqual([connect, connect, undefined]);
    expect(under.hasUnread).toBe(false);
  });

  test('keeps nothing of the chunks in which a packet comes: byte by byte it costs no more than whole', () => {
    const under = framer();
    under.admit();
    packetsOf(under, connect);
    const sent = publish(5000);
    const chunk = Buffer.alloc(1);
    const received: Buffer[] = [];
    for (const byte of sent) {
      chunk[0] = byte;
      received.push(...packetsOf(under, chunk));
      chunk[0] = 0;
    }
    expect(received).toEqual([sent]);
  });

  test.each([
    ['a first packet that is no CONNECT', publish(1)],
    ['a packet type that only servers send', Buffer.from([0x20, 2, 0, 0])],
    ['packet type 0', Buffer.from([0, 0])],
    ['packet type 15', Buffer.from([0xf0, 0])],
    ['a length of five bytes', Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 1])],
  ])('refuses %s', (_what, bytes) => {
    expect(() => packetsOf(framer(), bytes)).toThrow(
      expect.objectContaining({ code: 'broker.malformed_packet' }),
    );
  });
});
