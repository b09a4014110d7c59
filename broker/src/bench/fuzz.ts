import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import mqttPacket from 'mqtt-packet';
import { benchConfig, residentBytes, type Subject, startOurs } from './subjects.ts';
import type { Figure, Progress } from './throughput.ts';

/** Numbers between 0 and 1 that are the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const connectBytes = (clientId: string, clean: boolean) =>
  mqttPacket.generate({
    ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, keepalive: 30, clientId, clean },
    ...{ username: 'gw1', password: Buffer.from('gw1') },
    will: { topic: 'wp/1/demo/gw1/state', payload: Buffer.from('x'), qos: 1, retain: true },
  });
const publish = (topic: string, qos: 0 | 1 | 2, retain: boolean) =>
  mqttPacket.generate({ cmd: 'publish', topic, payload: '{}', qos, messageId: 4, dup: false, retain });

/** Whole and right; what is sent is made of these. */
const valid: readonly Buffer[] = [
  connectBytes('fuzz', true),
  publish('wp/1/demo/gw1/up', 0, false),
  publish('wp/1/demo/gw1/up', 1, false),
  publish('wp/1/demo/gw1/state', 2, true),
  mqttPacket.generate({
    cmd: 'subscribe',
    messageId: 5,
    subscriptions: [{ topic: 'wp/1/demo/gw1/cmd', qos: 2 }],
  }),
  mqttPacket.generate({ cmd: 'unsubscribe', messageId: 6, unsubscriptions: ['wp/1/demo/gw1/cmd'] }),
  ...(['puback', 'pubrec', 'pubrel', 'pubcomp'] as const).map((cmd) =>
    mqttPacket.generate({ cmd, messageId: 4 }),
  ),
  mqttPacket.generate({ cmd: 'pingreq' }),
  mqttPacket.generate({ cmd: 'disconnect' }),
];

/** One packet that is damaged, cut off, made up, or right but out of place. */
function brokenPacket(random: () => number): Buffer {
  const pick = () => Buffer.from(valid[Math.floor(random() * valid.length)] ?? []);
  const bytes = pick();
  switch (Math.floor(random() * 5)) {
    case 0: // bytes changed
      for (let change = 0; change <= random() * 4; change++)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      return bytes;
    case 1: // cut off
      return bytes.subarray(0, Math.floor(random() * bytes.length));
    case 2: // another length than announced
      bytes[1] = Math.floor(random() * 256);
      return bytes;
    case 3: // made up
      return Buffer.from(
        Array.from({ length: 1 + Math.floor(random() * 40) }, () => Math.floor(random() * 256)),
      );
    default: // right, but out of place
      return bytes;
  }
}

/** One connection: perhaps CONNECT, then packets, in pieces; resolves when the broker has closed it. */
async function connection(port: number, random: () => number, packets: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const begin = random() < 0.7 ? [connectBytes(`fuzz${Math.floor(random() * 50)}`, random() < 0.5)] : [];
  const all = Buffer.concat([...begin, ...Array.from({ length: packets }, () => brokenPacket(random))]);
  if (random() < 0.3) {
    const cut = Math.floor(random() * all.length);
    socket.write(all.subarray(0, cut));
    await new Promise(setImmediate);
    socket.end(all.subarray(cut));
  } else socket.end(all);
  await closed;
}

const mib = (bytes: number): number => Math.round(bytes / 1024 / 1024);

export interface FuzzResult {
  readonly packets: number;
  readonly connections: number;
  /** 1 when the broker’s process ended. */
  readonly crashes: number;
  /** Resident memory after the first half, and at the end. */
  readonly warmBytes: number;
  readonly endBytes: number;
}

/**
 * Sends packets that are wrong to a broker in a process of its own, so many to a connection, which the first
 * fatal one ends. Its heap is small, so that a leak would be a crash. Looks whether it lives, and whether
 * somebody else is served.
 */
export async function fuzz(packets: number, perConnection: number, progress: Progress): Promise<FuzzResult> {
  const ours = await startOurs(benchConfig({ limits: { connectTimeoutMs: 500 } }), [
    '--max-old-space-size=96',
  ]);
  const random = seeded(20_261_101);
  let [sent, connections, warmBytes, told] = [0, 0, 0, 0];
  const alive = () => ours.child?.exitCode === null && ours.child.signalCode === null;
  try {
    const worker = async () => {
      while (sent < packets && alive()) {
        sent += perConnection;
        connections++;
        await connection(ours.port, random, perConnection);
        if (warmBytes === 0 && sent >= packets / 2) warmBytes = residentBytes(ours.pid);
        if (sent >= told + packets / 10) {
          told += packets / 10;
          progress(`${sent} of ${packets} packets, broker ${mib(residentBytes(ours.pid))} MiB`);
        }
      }
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    if (alive()) await serves(ours);
    return {
      ...{ packets: sent, connections, warmBytes },
      crashes: alive() ? 0 : 1,
      endBytes: alive() ? residentBytes(ours.pid) : 0,
    };
  } finally {
    await ours.stop();
  }
}

/** Somebody with nothing wrong connects and is answered. */
async function serves({ port }: Subject): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.write(connectBytes('witness', true));
  const answer = await Promise.race([once(socket, 'data'), delay(10_000)]);
  socket.destroy();
  if (!Array.isArray(answer) || answer[0][0] !== 0x20)
    throw new Error('the broker lives but does not answer');
}

export async function benchFuzz(progress: Progress, packets = 500_000): Promise<Figure[]> {
  const result = await fuzz(packets, 20, progress);
  progress(`memory ${mib(result.warmBytes)} MiB when warm, ${mib(result.endBytes)} at the end`);
  return [
    { figure: 'fuzz_crashes', value: result.crashes, unit: 'crashes', n: result.packets },
    {
      figure: 'fuzz_memory_growth_mb',
      value: mib(result.endBytes) - mib(result.warmBytes),
      unit: 'MiB',
      n: result.packets,
    },
  ];
}
