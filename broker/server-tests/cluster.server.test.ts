import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Principal } from '@watchpost/contracts';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ServerProcess, startRedis } from '../src/bench/server-process.ts';
import { type BrokerService, startBroker } from '../src/broker-service.ts';
import { connectPacket, everybody, metric, RawClient, until } from '../src/broker-testing.ts';
import type { BrokerOptions } from '../src/config.ts';
import { clusterReached } from '../src/conformance/broker-under-test.ts';
import { Peer } from '../src/conformance/peer.ts';
import { TestSite } from '../src/identity-testing.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const anonymous: Principal = { kind: 'demo', name: 'demo', site: 'demo' };

let redis: ServerProcess;
let folder: string;
let nodes: BrokerService[];
let children: ChildProcess[];
let lines: string[];

beforeEach(async () => {
  redis = await startRedis();
  folder = await mkdtemp(join(tmpdir(), 'watchpost-cluster-'));
  [nodes, children, lines] = [[], [], []];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(nodes.map((node) => node.stop()));
  await redis.stop();
  await rm(folder, { recursive: true, force: true });
});

const config = (more: Partial<BrokerOptions> = {}): BrokerOptions => ({
  port: 0,
  anonymous,
  cluster: { url: `redis://127.0.0.1:${redis.port}`, deadAfterMs: 1000 },
  sysIntervalSeconds: 1,
  ...more,
});

/** A node in this process. */
async function node(more: Partial<BrokerOptions> = {}): Promise<BrokerService> {
  const logger = pino({ level: 'debug' }, { write: (line) => lines.push(line) });
  const broker = await startBroker(config({ logger, ...more }));
  nodes.push(broker);
  await clusterReached(broker);
  return broker;
}

/** A node that can be killed. */
async function processNode(): Promise<{ child: ChildProcess; broker: BrokerService }> {
  const path = join(folder, `${crypto.randomUUID()}.json`);
  await writeFile(path, JSON.stringify(config()));
  const child = fork(main, [path], { silent: true, execArgv: [] });
  children.push(child);
  const [message] = (await once(child, 'message')) as [{ port: number }];
  const broker = { port: message.port } as BrokerService;
  // its Redis may be a moment away: refused until then
  for (let code = 3; code !== 0; ) {
    const raw = await RawClient.open(broker);
    raw.send(connectPacket('probe'));
    code = (await raw.next('connack')).returnCode ?? 0;
    raw.socket.destroy();
  }
  return { child, broker };
}

const up = 'wp/1/demo/gw1/up';
const state = 'wp/1/demo/gw1/state';
const will = { topic: state, payload: Buffer.from('dead'), qos: 1 as const, retain: true };

test('the same client id on another node closes the older connection and keeps the session', async () => {
  const [a, b] = [await node(), await node()];
  const first = await Peer.connect(a, 'c', { clean: false });
  await first.subscribe(up);
  const second = await Peer.connect(b, 'c', { clean: false });
  expect(second.connack.sessionPresent).toBe(true);
  await first.raw.end();
  const sender = await Peer.connect(a, 'sender');
  await sender.published(up, 'hello');
  expect((await second.message()).payload.toString()).toBe('hello');
  await expect.poll(() => metric(b, 'watchpost_broker_takeovers_total')).toBe(1);
});

test('of two nodes that get the same client id at the same time one keeps it', async () => {
  const [a, b] = [await node(), await node()];
  for (let turn = 0; turn < 20; turn++) {
    const both = await Promise.allSettled([a, b].map((at) => Peer.connect(at, 'twin')));
    const peers = both.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    await until(() => peers.filter((peer) => !peer.raw.closed && peer.connack.returnCode === 0).length <= 1);
    const left = peers.find((peer) => !peer.raw.closed && peer.connack.returnCode === 0);
    expect(left).toBeDefined();
    await left?.subscribe('wp/1/demo/x/up'); // it is served
    await left?.disconnect();
  }
});

test('another principal’s client id is refused on every node', async () => {
  const [a, b] = [await node({ identities: everybody }), await node({ identities: everybody })];
  const mine = await RawClient.connected(a, 'gw1', 'shared');
  const raw = await RawClient.open(b);
  raw.send(connectPacket('shared', { username: 'gw2', password: Buffer.from('gw2') }));
  expect((await raw.next('connack')).returnCode).toBe(2);
  mine.send({ cmd: 'disconnect' });
  await mine.end();
  const connack = async () => {
    const again = await RawClient.open(b);
    again.send(connectPacket('shared', { username: 'gw2', password: Buffer.from('gw2') }));
    return (await again.next('connack')).returnCode;
  };
  await expect.poll(connack).toBe(0);
});

test('an offline queue is read on another node, in order, and what was sent carries DUP and its id', async () => {
  const [a, b] = [await node(), await node()];
  const away = await Peer.connect(a, 'c', { clean: false });
  await away.subscribe(up);
  const sender = await Peer.connect(b, 'sender');
  await sender.published(up, '0');
  const unacknowledged = await away.message();
  await away.vanish();
  for (let turn = 1; turn < 50; turn++) await sender.published(up, `${turn}`);
  const back = await Peer.connect(b, 'c', { clean: false });
  const heard = [await back.message()];
  while (heard.length < 50) heard.push(await back.message());
  expect(heard.map(({ payload }) => payload.toString())).toEqual(
    Array.from({ length: 50 }, (_, turn) => `${turn}`),
  );
  expect(heard[0]).toMatchObject({ dup: true, messageId: unacknowledged.messageId });
  expect(heard.slice(1).some(({ dup }) => dup)).toBe(false);
});

test('a subscription is known to every node as soon as it is granted', async () => {
  const [a, b] = [await node(), await node()];
  const sender = await Peer.connect(b, 'sender');
  for (let turn = 0; turn < 30; turn++) {
    const away = await Peer.connect(a, `c${turn}`, { clean: false });
    await away.subscribe(up);
    away.raw.socket.destroy();
    await sender.published(up, `for ${turn}`);
    const back = await Peer.connect(b, `c${turn}`, { clean: false });
    expect((await back.message()).payload.toString()).toBe(`for ${turn}`);
  }
});

test('a retained message is there on every node once it is acknowledged', async () => {
  const [a, b] = [await node(), await node()];
  const sender = await Peer.connect(a, 'sender');
  for (let turn = 0; turn < 30; turn++) {
    await sender.published(state, `${turn}`, { retain: true });
    const reader = await Peer.connect(b, `reader${turn}`);
    await reader.subscribe(state);
    expect(await reader.message()).toMatchObject({ retain: true, payload: Buffer.from(`${turn}`) });
    await reader.disconnect();
  }
});

test('quotas hold across nodes', async () => {
  const limits = { offlineMessages: 3, retainedMessages: 2, sessions: 1 };
  const [a, b] = [await node({ limits }), await node({ limits })];
  const away = await Peer.connect(a, 'c', { clean: false });
  await away.subscribe(up);
  await away.vanish();
  const senders = [await Peer.connect(a, 's1'), await Peer.connect(b, 's2')];
  for (let turn = 0; turn < 6; turn++) {
    const sender = senders[turn % 2];
    await sender?.published(up, `${turn}`);
    await sender?.published(`wp/1/demo/gw${turn}/state`, 'x', { retain: true });
  }
  const dropped = async (limit: string) => {
    const line = `watchpost_broker_dropped_total{limit="${limit}"}`;
    return (await metric(a, line)) + (await metric(b, line));
  };
  expect(await dropped('offline_messages')).toBe(3);
  expect(await dropped('retained_messages')).toBe(4);
  const second = await Peer.connect(b, 'd', { clean: false });
  expect(second.connack.returnCode).toBe(3);
  const back = await Peer.connect(b, 'c', { clean: false });
  expect(
    [await back.message(), await back.message(), await back.message()].map((m) => m.payload.toString()),
  ).toEqual(['0', '1', '2']);
  await expect.poll(() => metric(a, 'watchpost_broker_retained_messages')).toBe(2);
});

test('a node dies: each will is published once by one of the others, and clients find their sessions', async () => {
  const [a, b] = [await node(), await node()];
  const { child, broker: doomed } = await processNode();
  const watchers = [await Peer.connect(a, 'w1'), await Peer.connect(b, 'w2')];
  for (const watcher of watchers) await watcher.subscribe('wp/1/demo/+/state');
  for (let turn = 0; turn < 20; turn++)
    await Peer.connect(doomed, `gw${turn}`, { will: { ...will, topic: `wp/1/demo/gw${turn}/state` } });
  const kept = await Peer.connect(doomed, 'kept', { clean: false });
  await kept.subscribe(up);
  child.kill('SIGKILL');
  const sender = await Peer.connect(a, 'sender');
  await sender.published(up, 'meanwhile');
  const back = await Peer.connect(b, 'kept', { clean: false });
  expect((await back.message()).payload.toString()).toBe('meanwhile');
  for (const watcher of watchers) {
    const heard = [];
    while (heard.length < 20) heard.push((await watcher.message()).topic);
    expect(new Set(heard).size).toBe(20);
    // two more heartbeats: nobody publishes them again
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(watcher.raw.received.filter(({ cmd }) => cmd === 'publish')).toEqual([]);
  }
});

test('a client that comes back before its node is declared dead: its will comes before what it says', async () => {
  const a = await node();
  const { child, broker: doomed } = await processNode();
  const watcher = await Peer.connect(a, 'w');
  await watcher.subscribe(state);
  await Peer.connect(doomed, 'gw1', { will });
  child.kill('SIGKILL');
  const back = await Peer.connect(a, 'gw1', { will });
  await back.published(state, 'alive', { retain: true });
  expect([
    (await watcher.message()).payload.toString(),
    (await watcher.message()).payload.toString(),
  ]).toEqual(['dead', 'alive']);
  await new Promise((resolve) => setTimeout(resolve, 1500)); // the node is buried meanwhile
  expect(watcher.raw.received.filter(({ cmd }) => cmd === 'publish')).toEqual([]);
  await back.vanish();
  expect((await watcher.message()).payload.toString()).toBe('dead');
});

test('a node that was only asleep closes its clients when it wakes up, and publishes no will twice', async () => {
  const a = await node();
  const { child, broker: asleep } = await processNode();
  const watcher = await Peer.connect(a, 'w');
  await watcher.subscribe(state);
  const sleeper = await Peer.connect(asleep, 'gw1', { will });
  child.kill('SIGSTOP');
  expect((await watcher.message()).payload.toString()).toBe('dead');
  child.kill('SIGCONT');
  await sleeper.raw.end();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(watcher.raw.received.filter(({ cmd }) => cmd === 'publish')).toEqual([]);
});

test('DISCONNECT and an orderly stop leave no will', async () => {
  const [a, b] = [await node(), await node()];
  const watcher = await Peer.connect(a, 'w');
  await watcher.subscribe('wp/1/demo/+/state');
  const polite = await Peer.connect(b, 'gw1', { will });
  await polite.disconnect();
  await Peer.connect(b, 'gw2', { will: { ...will, topic: 'wp/1/demo/gw2/state' } });
  await b.stop();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(watcher.raw.received.filter(({ cmd }) => cmd === 'publish')).toEqual([]);
});

test('without Redis: nobody is let in, nothing is acknowledged, the metric says so, and it recovers by itself', async () => {
  const a = await node();
  const early = await Peer.connect(a, 'early');
  await redis.end('SIGKILL');
  early.publish(up, 'lost?', { qos: 1, messageId: 1 });
  await early.raw.end();
  expect(early.raw.received.filter(({ cmd }) => cmd === 'puback')).toEqual([]);
  const refused = await Peer.connect(a, 'late');
  expect(refused.connack.returnCode).toBe(3);
  expect(await metric(a, 'watchpost_broker_cluster_up')).toBe(0);
  expect(await metric(a, 'watchpost_broker_refused_total{reason="cluster"}')).toBeGreaterThan(0);
  expect(lines.join('')).toContain('broker.cluster_unavailable');
  await redis.begin();
  await clusterReached(a);
  const sender = await Peer.connect(a, 'sender');
  const heard = await Peer.connect(a, 'heard');
  await heard.subscribe(up);
  await sender.published(up, 'again');
  expect((await heard.message()).payload.toString()).toBe('again');
});

test('a Redis that comes and goes while clients connect, publish and leave ends no broker', async () => {
  const { child, broker } = await processNode();
  let going = true;
  const clients = Array.from({ length: 20 }, async (_each, index) => {
    while (going) {
      const more = { will: { ...will, topic: `wp/1/demo/gw${index}/state` }, clean: index % 2 === 0 };
      const peer = await Peer.connect(broker, `c${index}`, more).catch(() => undefined);
      if (peer?.connack.returnCode !== 0) continue;
      peer.raw.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: up, qos: 2 }] });
      for (const qos of [0, 1, 2] as const) peer.publish(up, 'x', { qos, messageId: qos + 1, retain: true });
      await new Promise((resolve) => setTimeout(resolve, 20));
      peer.raw.socket.destroy();
    }
  });
  for (let turn = 0; turn < 4; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    await redis.end('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await redis.begin();
  }
  going = false;
  await Promise.all(clients);
  expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  const code = async () => (await Peer.connect(broker, 'last')).connack.returnCode;
  await expect.poll(code, { timeout: 10_000 }).toBe(0);
});

test('a Redis that came back empty: clients have to connect again, so that none waits in vain', async () => {
  const a = await node();
  const kept = await Peer.connect(a, 'kept', { clean: false });
  await kept.subscribe(up);
  await redis.end('SIGKILL');
  await redis.begin();
  await kept.raw.end();
  await clusterReached(a);
  expect((await Peer.connect(a, 'kept', { clean: false })).connack.sessionPresent).toBe(false);
});

test('a Redis that hangs for a moment loses nothing', async () => {
  const [a, b] = [await node(), await node()];
  const heard = await Peer.connect(b, 'heard');
  await heard.subscribe(up);
  const sender = await Peer.connect(a, 'sender');
  await sender.published(up, '1');
  redis.signal('SIGSTOP');
  sender.publish(up, '2', { qos: 1, messageId: 2 });
  await new Promise((resolve) => setTimeout(resolve, 800));
  expect(sender.raw.received.filter(({ cmd }) => cmd === 'puback')).toEqual([]);
  redis.signal('SIGCONT');
  await sender.raw.next('puback');
  expect([(await heard.message()).payload.toString(), (await heard.message()).payload.toString()]).toEqual([
    '1',
    '2',
  ]);
});

test('$SYS has each node’s own numbers', async () => {
  const [a, b] = [await node({ identities: everybody }), await node({ identities: everybody })];
  const clients = [await RawClient.connected(a, 'gw1'), await RawClient.connected(a, 'gw2')];
  const readers = [
    await RawClient.connected(a, 'alerting', 'r1'),
    await RawClient.connected(b, 'alerting', 'r2'),
  ];
  const numbers = await Promise.all(
    readers.map(async (reader) => {
      reader.send({
        cmd: 'subscribe',
        messageId: 1,
        subscriptions: [{ topic: '$SYS/broker/clients/connected', qos: 0 }],
      });
      let last = '';
      const wanted = reader === readers[0] ? '3' : '1';
      while (last !== wanted) last = (await reader.next('publish')).payload.toString();
      return last;
    }),
  );
  expect(numbers).toEqual(['3', '1']);
  expect(clients.every((client) => !client.closed)).toBe(true);
});

test('the password comes from a file that only its owner can read, and shows in no log and no error', async () => {
  await redis.stop();
  const password = 'very-secret-words';
  redis = await startRedis('--requirepass', password);
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  const cluster = { url: `redis://127.0.0.1:${redis.port}`, passwordFile };
  const broker = await node({ cluster });
  expect((await Peer.connect(broker, 'c')).connack.returnCode).toBe(0);
  expect(lines.join('')).not.toContain(password);
  await chmod(passwordFile, 0o644);
  await expect(startBroker(config({ cluster }))).rejects.toMatchObject({
    code: 'config.invalid',
    path: '/cluster/passwordFile',
  });
  const inUrl = { url: `redis://:${password}@127.0.0.1:${redis.port}` };
  const failed = await startBroker(config({ cluster: inUrl })).catch((error: Error) => error);
  expect(failed).toMatchObject({ code: 'config.invalid', path: '/cluster/url' });
  expect(JSON.stringify(failed)).not.toContain(password);
});

test('Redis over TLS: trusted with its authority, and not without', async () => {
  await redis.stop();
  const site = await TestSite.create();
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, site.ca);
  redis = await startRedis(
    ...['--tls-cert-file', site.tls.certFile, '--tls-key-file', site.tls.keyFile],
    ...['--tls-ca-cert-file', caFile, '--tls-auth-clients', 'no', '--port', '0', '--tls-port', 'PORT'],
  );
  const url = `rediss://127.0.0.1:${redis.port}`;
  const trusted = await node({ cluster: { url, caFile: caFile } });
  expect((await Peer.connect(trusted, 'c')).connack.returnCode).toBe(0);
  const logger = pino({ level: 'silent' });
  const doubtful = await startBroker(config({ logger, cluster: { url } }));
  nodes.push(doubtful);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect((await Peer.connect(doubtful, 'd')).connack.returnCode).toBe(3);
  await site.remove();
});

test('an orderly stop: what was acknowledged has been handed over', async () => {
  const [a, b] = [await node(), await node()];
  const away = await Peer.connect(a, 'c', { clean: false });
  await away.subscribe(up);
  await away.vanish();
  const sender = await Peer.connect(b, 'sender');
  for (let turn = 0; turn < 500; turn++) sender.publish(up, `${turn}`, { qos: 1, messageId: turn + 1 });
  await sender.raw.next('puback');
  await b.stop();
  await sender.raw.end();
  const acknowledged = 1 + sender.raw.received.filter(({ cmd }) => cmd === 'puback').length;
  const back = await Peer.connect(a, 'c', { clean: false });
  const heard: string[] = [];
  while (heard.length < acknowledged) heard.push((await back.message()).payload.toString());
  expect(heard).toEqual(Array.from({ length: acknowledged }, (_, turn) => `${turn}`));
});

test('a kept session ends with the credential that it was made with, and its client id is free', async () => {
  const [a, b] = [await node({ identities: everybody }), await node({ identities: everybody })];
  const kept = connectPacket('mine', { clean: false, username: 'flows', password: Buffer.from('flows') });
  const raw = await RawClient.open(a);
  raw.send(kept);
  await raw.next('connack');
  raw.send({ cmd: 'disconnect' });
  await raw.end();
  const others = everybody.filter(({ username }) => username !== 'flows');
  for (const each of [a, b]) await each.reload(config({ identities: others }));
  await expect.poll(() => metric(b, 'watchpost_broker_sessions'), { timeout: 30_000 }).toBe(0);
  const next = await RawClient.connected(b, 'gw1', 'mine');
  next.socket.destroy();
});

test('alerting hears on its node of a gateway that floods another one', async () => {
  const identities = everybody;
  const limits = { telemetryPerSecond: 1 };
  const [a, b] = [await node({ identities, limits }), await node({ identities, limits })];
  const service = await RawClient.connected(b, 'alerting');
  service.send({
    ...{ cmd: 'subscribe', messageId: 1 },
    subscriptions: [{ topic: '$SYS/broker/flooding/+', qos: 1 }],
  });
  await service.next('suback');
  const gateway = await RawClient.connected(a, 'gw1');
  const payload = Buffer.from('[]');
  for (let turn = 0; turn < 50; turn++)
    gateway.send({
      ...{ cmd: 'publish', topic: 'wp/1/demo/gw1/telemetry', payload },
      ...{ qos: 0, dup: false, retain: false },
    });
  expect(await service.next('publish')).toMatchObject({ topic: '$SYS/broker/flooding/gw1' });
  for (const { socket } of [service, gateway]) socket.destroy();
});
