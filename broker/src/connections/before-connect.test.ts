import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import mqttPacket from 'mqtt-packet';
import { expect, test } from 'vitest';
import { connectPacket } from '../broker-testing.ts';
import { BeforeConnect } from './before-connect.ts';

const hello = mqttPacket.generate(connectPacket('gw1'));
const ping = Buffer.from([0xc0, 0]);

/** A client, and what has become of it; whatever is paced is done at once. */
function arrive() {
  const transport = new PassThrough({ autoDestroy: false }); // like a socket that stays half open
  const became: { whole: number; refused: string[] } = { whole: 0, refused: [] };
  new BeforeConnect(
    transport,
    { connectBytes: 128, packetBytes: 1024 },
    {
      whole: () => became.whole++,
      refused: (error) => became.refused.push((error as Error & { code: string }).code),
      paced: (work) => work(),
    },
  );
  return { transport, became };
}

test('whoever takes over gets everything from the first byte, what stands behind CONNECT too', async () => {
  const { transport, became } = arrive();
  for (const byte of hello.subarray(0, -1)) {
    transport.write(Buffer.from([byte]));
    await turn();
  }
  expect(became.whole).toBe(0);
  transport.write(Buffer.concat([hello.subarray(-1), ping]));
  await expect.poll(() => became.whole).toBe(1);
  const heard: Buffer[] = [];
  transport.on('data', (chunk: Buffer) => heard.push(chunk)).resume();
  await expect.poll(() => Buffer.concat(heard)).toEqual(Buffer.concat([hello, ping]));
});

test('who sends it byte by byte is not looked at byte by byte', async () => {
  const { transport, became } = arrive();
  let looks = 0;
  transport.on('data', () => looks++);
  const long = Buffer.concat([Buffer.from([0x10, 0x7d]), Buffer.alloc(100)]);
  for (const byte of long) {
    transport.write(Buffer.from([byte]));
    await turn();
  }
  expect(looks).toBeLessThan(long.length / 2);
  expect(became).toEqual({ whole: 0, refused: [] });
  transport.destroy();
});

test.each([
  ['no CONNECT', ping, 'broker.malformed_packet'],
  ['a CONNECT over the limit', Buffer.from([0x10, 0xff, 0x7f]), 'broker.packet_too_large'],
])('%s is refused at its header, and the connection is gone', async (_what, bytes, code) => {
  const { transport, became } = arrive();
  transport.write(bytes);
  await expect.poll(() => became.refused).toEqual([code]);
  expect(transport.destroyed).toBe(true);
});

test('who leaves before it is whole leaves nothing', async () => {
  const { transport, became } = arrive();
  transport.end(hello.subarray(0, 5));
  await expect.poll(() => transport.destroyed).toBe(true);
  expect(became).toEqual({ whole: 0, refused: [] });
});
