import { once } from 'node:events';
import mqttPacket from 'mqtt-packet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type BrokerService, startBroker } from '../broker-service.ts';
import { connectPacket } from '../broker-testing.ts';

let broker: BrokerService;
beforeAll(async () => {
  const anonymous = { kind: 'demo', name: 'demo', site: 'demo' } as const;
  broker = await startBroker({ port: 0, anonymous, listeners: [{ type: 'ws', port: 0 }] });
});
afterAll(() => broker.stop());

async function open(): Promise<{ socket: WebSocket; received: Buffer[] }> {
  const socket = new WebSocket(`ws://127.0.0.1:${broker.ports[0]}/mqtt`, ['mqtt', 'other']);
  const received: Buffer[] = [];
  socket.on('message', (data: Buffer) => received.push(data));
  await once(socket, 'open');
  return { socket, received };
}

const connect = mqttPacket.generate(connectPacket('ws'));

test('[MQTT-6.0.0-4] the server answers the subprotocol mqtt', async () => {
  const { socket } = await open();
  expect(socket.protocol).toBe('mqtt');
  socket.terminate();
});

test('[MQTT-6.0.0-1] a text frame closes the connection', async () => {
  const { socket, received } = await open();
  socket.send(connect.toString('latin1'));
  await once(socket, 'close');
  expect(received).toEqual([]);
});

test('[MQTT-6.0.0-2] packets may be cut over frames or share one', async () => {
  const { socket, received } = await open();
  for (const byte of connect) socket.send(Buffer.from([byte]));
  const ping = mqttPacket.generate({ cmd: 'pingreq' });
  socket.send(Buffer.concat([ping, ping]));
  while (Buffer.concat(received).length < 8) await once(socket, 'message');
  expect(Buffer.concat(received).toString('hex')).toBe('20020000d000d000');
  socket.terminate();
});

test('without the subprotocol there is no connection', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${broker.ports[0]}/mqtt`);
  const [error] = await once(socket, 'error');
  expect(String(error)).toContain('400');
});
