import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import mqttPacket from 'mqtt-packet';
import { afterEach, expect, test } from 'vitest';
import { type BrokerService, startBroker } from './broker-service.ts';
import { connectAs, connectPacket, everybody, metric, until } from './broker-testing.ts';
import type { BrokerLimits } from './policy.ts';

let broker: BrokerService;
const sockets: Socket[] = [];
async function start(limits: Partial<BrokerLimits> = {}): Promise<void> {
  broker = await startBroker({
    port: 0,
    identities: everybody,
    listeners: [{ type: 'ws', port: 0 }],
    limits,
  });
}
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await broker.stop();
});

const refused = (reason: string) => metric(broker, `watchpost_broker_refused_total{reason="${reason}"}`);

/** A raw connection to the port of WebSockets, and what came back on it. */
async function open(): Promise<{ socket: Socket; text(): string; ended: Promise<unknown> }> {
  const socket = connectTcp(broker.ports[0] ?? 0, '127.0.0.1').on('error', () => undefined);
  sockets.push(socket);
  const ended = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  return { socket, text: () => text, ended };
}

const handshake = [
  'GET /mqtt HTTP/1.1',
  'Host: x',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Protocol: mqtt',
  '\r\n',
].join('\r\n');

async function upgraded() {
  const client = await open();
  client.socket.write(handshake);
  await until(() => client.text().includes('101 Switching'));
  return client;
}

/** A frame as a client sends it; its mask is nothing but zeros (RFC 6455 §5.2). */
function frame(opcode: number, payload: Buffer = Buffer.alloc(0), announced = payload.length): Buffer {
  const length = announced < 126 ? [0x80 | announced] : [0xff, 0, 0, 0, 0, 0, 0, 0, 0];
  const header = Buffer.from([0x80 | opcode, ...length]);
  if (announced >= 126) header.writeUInt32BE(announced, 6);
  return Buffer.concat([header, Buffer.alloc(4), payload]);
}
const [binary, ping, pong] = [2, 9, 10];
const hello = mqttPacket.generate(connectPacket('gw1', { username: 'gw1', password: Buffer.from('gw1') }));

test('of a thousand requests in one piece the first is answered, and then it is over', async () => {
  await start();
  const { socket, text, ended } = await open();
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1000));
  await ended;
  expect(text().match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 426']);
});

test('what is no HTTP, and a handshake that does not end, are refused and counted', async () => {
  await start();
  const garbage = await open();
  garbage.socket.write('\u0000\u0001garbage\r\n\r\n');
  await garbage.ended;
  expect(await refused('malformed_packet')).toBe(1);
  const endless = await open();
  endless.socket.write(`GET /mqtt HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}`);
  await endless.ended;
  expect(await refused('packet_too_large')).toBe(1);
});

test('who leaves in the middle of a handshake leaves nothing', async () => {
  await start();
  const { socket, ended } = await open();
  socket.end('GET /mqtt HTTP/1.1\r\n');
  await ended;
  await expect.poll(() => metric(broker, 'watchpost_broker_connections')).toBe(0);
});

test('CONNECT may come in the same piece as the handshake', async () => {
  await start();
  const { socket, text } = await open();
  socket.write(Buffer.concat([Buffer.from(handshake), frame(binary, hello)]));
  await until(() => text().includes('\x20\x02\x00\x00'));
});

test('a frame of which no end comes is not kept before CONNECT', async () => {
  await start();
  const { socket, ended } = await upgraded();
  socket.write(frame(binary, Buffer.alloc(300_000), 1_000_000));
  await ended;
  expect(await refused('packet_too_large')).toBe(1);
});

test('nor one that comes in thousands of pieces', async () => {
  await start();
  const { socket, ended } = await upgraded();
  socket.write(frame(binary, hello));
  await expect.poll(() => metric(broker, 'watchpost_broker_connects_total')).toBe(1);
  // fragments of a message that does not end
  const fragment = (opcode: number) => Buffer.from([opcode, 0x80, 0, 0, 0, 0]);
  socket.write(Buffer.concat([fragment(binary), ...Array(1000).fill(fragment(0))]));
  await ended;
});

test.each([
  ['pings', ping],
  ['pongs', pong],
  ['empty frames', binary],
])('a flood of %s is read slowly and counted, and others are heard', async (_what, opcode) => {
  await start({ messagesPerSecond: 100 });
  const { socket } = await upgraded();
  socket.write(Buffer.concat(Array(5000).fill(frame(opcode))));
  await expect.poll(() => metric(broker, 'watchpost_broker_throttled_total')).toBeGreaterThan(0);
  const other = await connectAs(broker, 'gw2');
  await other.publishAsync('wp/1/demo/gw2/up', '{}', { qos: 1 });
  await other.endAsync(true);
});
