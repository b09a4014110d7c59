import { expect, test } from 'vitest';
import { metric } from '../src/broker-testing.ts';
import { Peer } from '../src/conformance/peer.ts';
import { clusterPerTest, state, up } from './cluster-testing.ts';

const { node } = clusterPerTest();

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
