import type { AedesPublishPacket, Client } from 'aedes';
import { expect, test } from 'vitest';
import type { DroppedLimit } from '../operations/broker-metrics.ts';
import { brokerLimitsSchema } from '../policy.ts';
import { MemorySessions } from './memory-sessions.ts';

let now: number;
let dropped: [DroppedLimit, string | undefined][];

function sessions(limits = {}): MemorySessions {
  now = 0;
  dropped = [];
  return new MemorySessions(brokerLimitsSchema.parse(limits), {
    nowMs: () => now,
    isConnected: () => true,
    dropped: (limit, clientId) => dropped.push([limit, clientId]),
    granted: (_client, filter) => filter !== 'refused',
  });
}

const packet = (text: string, brokerCounter: number) =>
  ({
    cmd: 'publish',
    topic: 't/x',
    payload: Buffer.from(text),
    qos: 1,
    brokerId: 'b',
    brokerCounter,
  }) as unknown as AedesPublishPacket;

const client = { id: 'c', clean: false } as Client;

async function read(under: MemorySessions): Promise<string[]> {
  const heard: string[] = [];
  for await (const each of under.outgoingStream(client)) {
    heard.push(each.payload.toString());
    await under.outgoingUpdate(client, { ...each, messageId: each.messageId ?? 1 });
  }
  return heard;
}

async function enqueue(under: MemorySessions, text: string, counter: number): Promise<void> {
  const found = await under.subscriptionsByTopic('t/x');
  await under.outgoingEnqueueCombi([...found], packet(text, counter) as never);
}

test('old messages and old sessions end, connected ones do not', async () => {
  const under = sessions({ offlineAgeMs: 1000, sessionExpiryMs: 5000 });
  await under.subscriptionsByClient(client);
  await under.addSubscriptions(client, [{ topic: 't/#', qos: 1 }]);
  await enqueue(under, 'old', 1);
  now = 900;
  await enqueue(under, 'young', 2);
  now = 1500;
  expect(under.sweep(() => true)).toEqual([]);
  expect(dropped).toEqual([['offline_age', 'c']]);
  expect(await read(under)).toEqual(['young']);
  now = 6000;
  expect(under.sweep(() => true)).toEqual([]);
  now = 11_100;
  expect(under.sweep(() => false)).toEqual(['c']);
  expect(under.has('c')).toBe(false);
  expect(await under.subscriptionsByTopic('t/x')).toEqual([]);
});

test('what is too old is not handed out even before the next sweep', async () => {
  const under = sessions({ offlineAgeMs: 1000 });
  await under.subscriptionsByClient(client);
  await under.addSubscriptions(client, [{ topic: 't/#', qos: 1 }]);
  await enqueue(under, 'old', 1);
  now = 1001;
  expect(await read(under)).toEqual([]);
});

test('a filter that was refused is not stored', async () => {
  const under = sessions();
  await under.addSubscriptions(client, [
    { topic: 'refused', qos: 1 },
    { topic: 't/#', qos: 1 },
  ]);
  expect(await under.subscriptionsByClient(client)).toEqual([{ topic: 't/#', qos: 1 }]);
  expect(await under.subscriptionsByTopic('refused')).toEqual([]);
});

test('what was never queued is not held back', () => {
  expect(sessions().holdsBack('c', packet('', 9) as never)).toBe(false);
});
