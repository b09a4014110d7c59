import fc from 'fast-check';
import mqttPacket from 'mqtt-packet';
import { expect, test } from 'vitest';
import { startBroker } from './broker-service.ts';
import { connectAs, connectPacket, everybody, RawClient } from './broker-testing.ts';

const seeds: Buffer[] = [
  mqttPacket.generate(connectPacket('fuzz', { username: 'gw1', password: Buffer.from('gw1') })),
  mqttPacket.generate({
    cmd: 'publish',
    topic: 'wp/1/demo/gw1/up',
    payload: '{}',
    qos: 1,
    messageId: 3,
    dup: false,
    retain: false,
  }),
  mqttPacket.generate({
    cmd: 'publish',
    topic: 'wp/1/demo/gw1/state',
    payload: '{}',
    qos: 2,
    messageId: 4,
    dup: true,
    retain: true,
  }),
  mqttPacket.generate({
    cmd: 'subscribe',
    messageId: 5,
    subscriptions: [{ topic: 'wp/1/demo/gw1/cmd', qos: 2 }],
  }),
  mqttPacket.generate({ cmd: 'unsubscribe', messageId: 6, unsubscriptions: ['wp/1/demo/gw1/cmd'] }),
  mqttPacket.generate({ cmd: 'pubrel', messageId: 4 }),
  mqttPacket.generate({ cmd: 'puback', messageId: 9 }),
  mqttPacket.generate({ cmd: 'pingreq' }),
  mqttPacket.generate({ cmd: 'disconnect' }),
];

/** A valid packet with some bytes changed, cut off, or made up. */
const broken = fc.oneof(
  fc
    .tuple(fc.nat(seeds.length - 1), fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 4 }))
    .map(([which, changes]) => {
      const bytes = Buffer.from(seeds[which] ?? []);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      return bytes;
    }),
  fc.tuple(fc.nat(seeds.length - 1), fc.nat(80)).map(([which, cut]) => {
    const bytes = seeds[which] ?? Buffer.alloc(1);
    return bytes.subarray(0, cut % bytes.length);
  }),
  fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
);

const packets = Number(process.env.WATCHPOST_FUZZ_PACKETS ?? 20_000);
const perConnection = 20;

test(`${packets} malformed packets stop nothing`, { timeout: packets * 10 + 60_000 }, async () => {
  const failures: unknown[] = [];
  const note = (error: unknown) => failures.push(error);
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  const broker = await startBroker({ port: 0, identities: everybody, limits: { connectTimeoutMs: 500 } });
  const witness = await connectAs(broker, 'alerting');
  const sequences = fc.sample(fc.array(broken, { minLength: perConnection, maxLength: perConnection }), {
    numRuns: packets / perConnection,
    seed: 20_261_101,
  });
  for (const [turn, sequence] of sequences.entries()) {
    const raw = turn % 2 === 0 ? await RawClient.open(broker) : await RawClient.connected(broker, 'gw1');
    for (const bytes of sequence) raw.send(bytes);
    raw.socket.end();
    await raw.end();
  }
  await witness.publishAsync('wp/1/demo/gw1/cmd', 'still here', { qos: 1 });
  await witness.endAsync();
  await broker.stop();
  process.off('uncaughtException', note);
  process.off('unhandledRejection', note);
  expect(failures).toEqual([]);
});
