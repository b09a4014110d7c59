import { expect, test } from 'vitest';
import { Peer } from '../src/conformance/peer.ts';
import { clusterPerTest, state, up, will } from './cluster-testing.ts';

const { node, processNode } = clusterPerTest();

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
