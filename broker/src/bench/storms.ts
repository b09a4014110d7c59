import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import mqttPacket from 'mqtt-packet';
import { LeanClient } from './lean-client.ts';
import { benchConfig, type Subject, startOurs } from './subjects.ts';
import { type Figure, type Progress, runLoad } from './throughput.ts';

/** Makes trouble until the signal; what it opened is closed by the end. */
type Storm = (port: number, signal: AbortSignal) => Promise<void>;

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
const slowLoris: Storm = async (port, signal) => {
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

/** 300 clients that vanish without a word: they neither read nor write any more. Their keep-alive is a second. */
const halfOpen: Storm = async (port, signal) => {
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
const flood: Storm = async (port, signal) => {
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
const hugePackets: Storm = async (port, signal) => {
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

/** 2000 clients that connect, all together, lose their connection, and connect again. */
const reconnects: Storm = async (port, signal) => {
  while (!signal.aborted) {
    const sockets = Array.from({ length: 2000 }, (_each, index) => {
      const socket = open(port).resume();
      socket.write(hello(`storm${index}`));
      return socket;
    });
    await Promise.race([
      Promise.all(
        sockets.map(
          (socket) => new Promise((resolve) => socket.once('data', resolve).once('close', resolve)),
        ),
      ),
      delay(10_000),
    ]);
    for (const socket of sockets) socket.destroy();
    await delay(50);
  }
};

export const storms: Readonly<Record<string, Storm>> = {
  slow_loris: slowLoris,
  half_open: halfOpen,
  flood,
  huge_packets: hugePackets,
  reconnects_2000: reconnects,
};

/** The limits of a site, apart from the rate, which the flood is to meet, and the time for CONNECT. */
export const startForStorms = (): Promise<Subject> =>
  startOurs(benchConfig({ metricsPort: 0, limits: { connectTimeoutMs: 1000, connectionsPerAddress: 5000 } }));

/** A pair that has nothing to do with it goes on at 200 messages a second: 99th percentile of its delivery, and faults. */
export async function pairDuring(port: number, storm: Storm | undefined, seconds: number) {
  const end = new AbortController();
  const trouble = storm?.(port, end.signal);
  const order = { port, anonymous: false, gateways: [30], seconds, window: 0, perSecond: 200 };
  const { latenciesMs, faults } = await runLoad(order);
  end.abort();
  await trouble;
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  return {
    p99Ms: sorted[Math.ceil(0.99 * sorted.length) - 1] ?? Number.NaN,
    messages: sorted.length,
    faults,
  };
}

export async function benchStorms(progress: Progress, seconds = 4): Promise<Figure[]> {
  const ours = await startForStorms();
  const figures: Figure[] = [];
  let faults = 0;
  try {
    for (const [name, storm] of [['calm', undefined] as const, ...Object.entries(storms)]) {
      const pair = await pairDuring(ours.port, storm, seconds);
      faults += pair.faults;
      progress(`${name}: the others’ 99th percentile is ${pair.p99Ms.toFixed(1)} ms, ${pair.faults} faults`);
      figures.push({ figure: `storm_${name}_p99_ms`, value: pair.p99Ms, unit: 'ms', n: pair.messages });
    }
  } finally {
    await ours.stop();
  }
  return [...figures, { figure: 'storm_faults', value: faults, unit: 'messages', n: figures.length }];
}
