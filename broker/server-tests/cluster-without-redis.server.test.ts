import { expect, test } from 'vitest';
import { metric } from '../src/broker-testing.ts';
import { clusterReached } from '../src/conformance/broker-under-test.ts';
import { Peer } from '../src/conformance/peer.ts';
import { clusterPerTest, up, will } from './cluster-testing.ts';

const { logged, node, processNode, redis } = clusterPerTest();

test('without Redis: nobody is let in, nothing is acknowledged, the metric says so, and it recovers by itself', async () => {
  const a = await node();
  const early = await Peer.connect(a, 'early');
  await redis().end('SIGKILL');
  early.publish(up, 'lost?', { qos: 1, messageId: 1 });
  await early.raw.end();
  expect(early.raw.received.filter(({ cmd }) => cmd === 'puback')).toEqual([]);
  const refused = await Peer.connect(a, 'late');
  expect(refused.connack.returnCode).toBe(3);
  expect(await metric(a, 'watchpost_broker_cluster_up')).toBe(0);
  expect(await metric(a, 'watchpost_broker_refused_total{reason="cluster"}')).toBeGreaterThan(0);
  expect(logged()).toContain('broker.cluster_unavailable');
  await redis().begin();
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
    await redis().end('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await redis().begin();
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
  await redis().end('SIGKILL');
  await redis().begin();
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
  redis().signal('SIGSTOP');
  sender.publish(up, '2', { qos: 1, messageId: 2 });
  await new Promise((resolve) => setTimeout(resolve, 800));
  expect(sender.raw.received.filter(({ cmd }) => cmd === 'puback')).toEqual([]);
  redis().signal('SIGCONT');
  await sender.raw.next('puback');
  expect([(await heard.message()).payload.toString(), (await heard.message()).payload.toString()]).toEqual([
    '1',
    '2',
  ]);
});
