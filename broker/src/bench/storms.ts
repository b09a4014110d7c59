import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import mqttPacket from 'mqtt-packet';
import { createWebSocketStream, WebSocket } from 'ws';
import { LeanClient } from './lean-client.ts';

/** Where a storm may go. */
export interface Shore {
  readonly tcp: number;
  readonly tls: number;
  readonly ws: number;
  /** What a gateway shows over TLS. */
  readonly gateway: { readonly cert: string; readonly key: string };
}

/**
 * Makes trouble until the signal; what it opened is closed by the end. What it does before it is `ready` is
 * not measured yet.
 */
export type Storm = (shore: Shore, ready: () => Promise<void>, signal: AbortSignal) => Promise<void>;

const hello = (clientId: string, keepalive = 60): Buffer =>
  mqttPacket.generate({
    ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive, clientId },
    ...{ username: 'gw1', password: Buffer.from('gw1') },
  });

function open(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  return socket;
}

/** 500 connections that send their CONNECT byte by byte, again and again. */
const slowLoris: Storm = async ({ tcp: port }, ready, signal) => {
  await ready();
  let sockets: Socket[] = [];
  while (!signal.aborted) {
    sockets = sockets.filter((socket) => !socket.destroyed);
    while (sockets.length < 500) {
      const socket = open(port).on('end', () => socket.destroy());
      socket.resume().write(Buffer.from([0x10, 0x7f]));
      sockets.push(socket);
    }
    for (const socket of sockets) socket.write(Buffer.from([0]));
    await delay(100);
  }
  for (const socket of sockets) socket.destroy();
};

/**
 * 300 clients that vanish without a word: they neither read nor write any more. Their keep-alive is a second.
 */
const halfOpen: Storm = async ({ tcp: port }, ready, signal) => {
  await ready();
  const sockets: Socket[] = [];
  for (let index = 0; index < 300; index++) {
    const socket = open(port);
    socket.pause().write(hello(`half${index}`, 1));
    sockets.push(socket);
  }
  while (!signal.aborted) await delay(50);
  for (const socket of sockets) socket.destroy();
};

/** One client that sends as fast as it can. */
const flood: Storm = async ({ tcp: port }, ready, signal) => {
  await ready();
  const client = await LeanClient.connect(port, { clientId: 'flood', username: 'gw1' });
  const frame = LeanClient.frame('wp/1/demo/gw1/up', Buffer.alloc(100));
  while (!signal.aborted && !client.socket.destroyed) {
    client.send(frame, 500);
    if (client.socket.writableNeedDrain) await delay(5);
    else await new Promise(setImmediate);
  }
  client.socket.destroy();
};

/** Packets of 30 MB, one connection after the other. */
const hugePackets: Storm = async ({ tcp: port }, ready, signal) => {
  await ready();
  const chunk = Buffer.alloc(1024 * 1024);
  while (!signal.aborted) {
    const socket = open(port).resume();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(hello('huge'));
    socket.write(Buffer.from([0x32, 0x80, 0x80, 0xa8, 0x0e])); // PUBLISH of 30 MiB
    for (let part = 0; part < 30 && !socket.destroyed; part++) socket.write(chunk);
    await Promise.race([closed, delay(1000)]);
    socket.destroy();
    await delay(20);
  }
};

/**
 * 2000 clients that are connected, lose their connection at the same moment, and come again, all together.
 */
const reconnects =
  (connection: (shore: Shore) => Duplex): Storm =>
  async (shore, ready, signal) => {
    const over = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    let clients: Duplex[] = [];
    /** Resolves when all are in, or the storm is over. */
    const come = async () => {
      clients = [];
      const answers: Promise<unknown>[] = [];
      while (clients.length < 2000 && !signal.aborted) {
        const client = connection(shore);
        client.on('error', () => undefined).resume();
        client.write(hello(`storm${clients.length}`));
        answers.push(new Promise((resolve) => client.once('data', resolve).once('close', resolve)));
        clients.push(client);
        // each is a computer of its own: none waits with its handshake until all others have begun
        if (clients.length % 10 === 0) await new Promise(setImmediate);
      }
      await Promise.race([Promise.all(answers), over]);
    };
    await come();
    await ready();
    for (const client of clients) client.destroy();
    await come();
    await over;
    for (const client of clients) client.destroy();
  };

const overTls = ({ tls, gateway }: Shore): Duplex =>
  connectTls({ port: tls, host: '127.0.0.1', rejectUnauthorized: false, ...gateway });

const overWebSocket = ({ ws }: Shore): Duplex =>
  createWebSocketStream(new WebSocket(`ws://127.0.0.1:${ws}/mqtt`, 'mqtt', { perMessageDeflate: false }));

/** With the seconds that are watched; within ten 2000 are back. */
export const storms: Readonly<Record<string, { readonly run: Storm; readonly seconds: number }>> = {
  slow_loris: { run: slowLoris, seconds: 4 },
  half_open: { run: halfOpen, seconds: 4 },
  flood: { run: flood, seconds: 4 },
  huge_packets: { run: hugePackets, seconds: 4 },
  reconnects_2000: { run: reconnects(({ tcp }) => open(tcp)), seconds: 12 },
  tls_reconnects_2000: { run: reconnects(overTls), seconds: 12 },
  websocket_reconnects_2000: { run: reconnects(overWebSocket), seconds: 12 },
};

/**
 * What a storm process is asked to do. It says when it is ready; the second message is the beginning, the
 * third the end.
 */
export interface StormOrder {
  readonly name: string;
  readonly shore: Shore;
}
