import { expect, test } from 'vitest';
import { connectPacket, everybody, metric, RawClient, until } from '../src/broker-testing.ts';
import { Peer } from '../src/conformance/peer.ts';
import { clusterPerTest, up } from './cluster-testing.ts';

const { config, node } = clusterPerTest();

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
