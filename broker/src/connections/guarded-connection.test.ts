import { Duplex } from 'node:stream';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { connectPacket } from '../broker-testing.ts';
import { SharedMemory } from '../domain/shared-memory.ts';
import { brokerLimitsSchema } from '../policy.ts';
import { GuardedConnection } from './guarded-connection.ts';

const ping: Packet = { cmd: 'pingreq' };

/** A client that is logged in, what the engine gets of what it sends, and how often it was made to wait. */
function loggedIn(limits: { messagesPerSecond: number; retainedMessages?: number }) {
  const transport = new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      done();
    },
  });
  let throttled = 0;
  const connection = new GuardedConnection(
    transport,
    { remoteAddress: '127.0.0.1' },
    brokerLimitsSchema.parse(limits),
    new SharedMemory(Number.POSITIVE_INFINITY),
    { throttled: () => throttled++, paced: (work) => work() },
  );
  const pieces: Buffer[] = [];
  connection.on('readable', () => {
    for (let piece = connection.read(); piece; piece = connection.read()) pieces.push(piece);
  });
  const send = (...packets: Packet[]) =>
    void transport.push(Buffer.concat(packets.map((packet) => mqttPacket.generate(packet))));
  send(connectPacket('a'));
  connection.admit('a');
  return { connection, send, bytes: () => Buffer.concat(pieces).length, throttled: () => throttled };
}

const connectBytes = mqttPacket.generate(connectPacket('a')).length;

test('retained messages may all be had once; who asks again and again is read more slowly', async () => {
  const { connection, send, bytes, throttled } = loggedIn({ messagesPerSecond: 100, retainedMessages: 50 });
  for (let answer = 0; answer < 50; answer++) connection.answered();
  send(ping);
  await expect.poll(bytes).toBe(connectBytes + 2);
  expect(throttled()).toBe(0);
  for (let answer = 0; answer < 1000; answer++) connection.answered();
  send(ping, ping);
  await expect.poll(throttled).toBe(1);
  expect(bytes()).toBeLessThan(connectBytes + 6);
  connection.destroy();
});

test('a SUBSCRIBE counts as many messages as it takes', async () => {
  const { connection, send, throttled } = loggedIn({ messagesPerSecond: 160 });
  send(...Array<Packet>(10).fill(ping));
  await expect.poll(throttled).toBe(0);
  send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'a', qos: 0 }] });
  await expect.poll(throttled).toBe(1);
  connection.destroy();
});
