import { randomUUID } from 'node:crypto';
import type { Alert } from '@watchpost/contracts/alert';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { takeOfficerStep } from '../alerts/officer-step.ts';
import { siteDirectory } from '../places/site-directory.ts';
import { defaultPolicy } from '../policy.ts';
import { defaultRuleSet } from '../risk/rule-set.ts';
import { listRejects } from '../store/reject-store.ts';
import { IngestSite } from '../testing/ingest-site.ts';
import { Listener } from '../testing/test-broker.ts';
import { doorAlarm, forgedPass, smokeAlarm, wireEvent } from '../testing/test-events.ts';
import { testSite } from '../testing/test-site.ts';
import { commitBatch } from './commit-batch.ts';
import { readEvents } from './read-events.ts';

const directory = siteDirectory(testSite);
let site: IngestSite;
beforeAll(async () => {
  site = await IngestSite.open();
});
afterAll(() => site.close());
beforeEach(() => site.begin());
afterEach(() => site.end());

const up = (payload: unknown, gateway?: string) => site.publish('up', payload, gateway);

test('a repeat is stored once and receipted again', async () => {
  const batch = [1, 2, 3].map((seq) => wireEvent(forgedPass({ epoch: site.epoch, seq })));
  await up(batch);
  await site.receiptAt(3);
  const before = site.listener.messages.length;
  await up(batch);
  await site.listener.until((message) =>
    site.listener.messages.indexOf(message as never) >= before && message.topic.endsWith('/receipt')
      ? true
      : undefined,
  );
  expect(await site.storedSeqs()).toEqual([1, 2, 3]);
});

test('a gap holds the receipt back until it fills', async () => {
  await up([
    wireEvent(forgedPass({ epoch: site.epoch, seq: 1 })),
    wireEvent(forgedPass({ epoch: site.epoch, seq: 3 })),
  ]);
  await site.receiptAt(1);
  expect(await site.storedSeqs()).toEqual([1, 3]);
  await up(wireEvent(forgedPass({ epoch: site.epoch, seq: 2 })));
  await site.receiptAt(3);
});

test('bad events of a batch are rejected one by one; they count as handled and the good ones go on', async () => {
  const event = (seq: number, change: object) => ({
    ...wireEvent(forgedPass({ epoch: site.epoch, seq })),
    ...change,
  });
  const batch = [
    event(1, {}),
    event(2, { type: 'watchpost.none.v1' }),
    event(3, { data: { reason: 'signature', fingerprint: 'not one', image: 'x' } }),
    event(4, { source: '/sites/test/devices/nobody' }),
    event(5, { gateway: 'edge2' }),
    event(6, { time: '1970-01-01T00:00:07.000Z' }),
    event(7, { time: new Date(Date.now() + 3_600_000).toISOString() }),
    event(8, { source: '/sites/other/devices/cam1' }),
    'not even an object',
    event(9, { data: { reason: 'signature', fingerprint: '0123456789abcdef', jti: 'zero \0 byte' } }),
    event(10, { data: { reason: 'signature', fingerprint: '0123456789abcdef', jti: 'half \ud800 pair' } }),
    event(11, {}),
  ];
  const before = await site.rejectCounts();
  await up(batch);
  await site.receiptAt(11);
  // Of two nobody knows when they were captured: they are kept, and counted.
  expect(await site.storedSeqs()).toEqual([1, 6, 7, 11]);
  const after = await site.rejectCounts();
  const grown = Object.fromEntries(
    Object.entries(after).map(([code, count]) => [code, count - (before[code] ?? 0)]),
  );
  expect(grown).toMatchObject({
    'wire.unknown_type': 1,
    'wire.schema': 2,
    'wire.text_unstorable': 2,
    'wire.unknown_device': 1,
    'wire.source_mismatch': 2,
    'wire.time_implausible': 2,
  });
});

test('a gateway cannot move another one’s watermark', async () => {
  await up({ ...wireEvent(forgedPass({ epoch: site.epoch, seq: 1 })), gateway: 'edge1' }, 'edge2');
  await site.receiptAt(1, site.epoch, 'edge2');
  await up(wireEvent(forgedPass({ epoch: site.epoch, seq: 1 })));
  await site.receiptAt(1);
  expect(await site.storedSeqs()).toEqual([1]);
});

test('garbage is counted and stops nothing', async () => {
  const garbage = Buffer.from([0xff, 0xfe, 0x00, 0x7b]);
  const notJson = await site.countedWhile('wire.not_json', async () => {
    await up(garbage);
    await up(Buffer.from('{"a":'));
    await up(Buffer.from('['.repeat(30_000)));
    await up(wireEvent(forgedPass({ epoch: site.epoch, seq: 1 })));
    await site.receiptAt(1);
  });
  expect(notJson).toBe(3);
  expect(
    await site.countedWhile('wire.too_large', async () => {
      await up(Buffer.alloc(70_000, 0x20));
      await up(wireEvent(forgedPass({ epoch: site.epoch, seq: 2 })));
      await site.receiptAt(2);
    }),
  ).toBe(1);
  expect(
    await site.countedWhile('wire.topic', async () => {
      await site.listener.client.publishAsync('wp/1/test/no gateway/up', '{}', { qos: 1 });
      await up(wireEvent(forgedPass({ epoch: site.epoch, seq: 3 })));
      await site.receiptAt(3);
    }),
  ).toBe(1);
  const kept = await listRejects(site.store.db, ['test'], 50);
  expect(kept.newest.map(({ topic }) => topic)).toContain('wp/1/test/no gateway/up');
});

test('a batch that is too long counts as nothing handled', async () => {
  const batch = Array.from({ length: 201 }, (_, index) =>
    wireEvent(forgedPass({ epoch: site.epoch, seq: index + 1 })),
  );
  expect(JSON.stringify(batch).length).toBeLessThan(65_536);
  expect(
    await site.countedWhile('wire.batch_too_long', async () => {
      await up(batch);
      await up(batch.slice(0, 1));
      await site.receiptAt(1);
    }),
  ).toBe(1);
  expect(await site.storedSeqs()).toEqual([1]);
});

test('killed after the commit and before the receipt: the next start and every resend acknowledge it', async () => {
  await site.stopIngest();
  const event = wireEvent(smokeAlarm({ epoch: site.epoch, seq: 1 }));
  const payload = Buffer.from(JSON.stringify(event));
  const parsed = { name: 'up', site: 'test', gateway: 'edge1' } as const;
  const message = { topic: 'wp/1/test/edge1/up', parsed, payload, receivedMs: Date.now() };
  const batch = readEvents(message, directory, randomUUID, defaultPolicy.late);
  await commitBatch(site.store.changes, batch, {
    directory,
    rules: defaultRuleSet,
    policy: defaultPolicy,
    newId: randomUUID,
    nowMs: Date.now(),
  });
  // The receipt of that commit was never published.
  await site.startIngest();
  await site.receiptAt(1);
  const before = site.listener.messages.length;
  await up(event);
  await site.listener.until((received) =>
    site.listener.messages.indexOf(received as never) >= before && received.topic.endsWith('edge1/receipt')
      ? true
      : undefined,
  );
  expect(await site.storedSeqs()).toEqual([1]);
});

test('a broker that comes back empty gets receipts and alerts again, and delivery goes on', async () => {
  await up(wireEvent(smokeAlarm({ epoch: site.epoch, seq: 1 })));
  await site.receiptAt(1);
  await site.broker.stop();
  await site.broker.start();
  const fresh = new Listener(site.broker.url, ['wp/1/test/#']);
  await fresh.until(({ topic, payload }) =>
    topic.endsWith('edge1/receipt') && JSON.parse(payload).epoch === site.epoch ? true : undefined,
  );
  const alert = await fresh.until(({ topic, payload }) =>
    topic.startsWith('wp/1/test/alerts/') && payload !== '' ? JSON.parse(payload) : undefined,
  );
  expect(alert.state).toBe('open');
  await fresh.client.publishAsync(
    'wp/1/test/edge1/up',
    JSON.stringify(wireEvent(smokeAlarm({ epoch: site.epoch, seq: 2 }))),
    {
      qos: 1,
    },
  );
  await fresh.until(({ topic, payload }) =>
    topic.endsWith('edge1/receipt') && JSON.parse(payload).seq === 2 ? true : undefined,
  );
  await fresh.stop();
});

test('an alert that closed while the broker was away is taken off the broker afterwards', async () => {
  await up(wireEvent({ ...doorAlarm({ epoch: site.epoch, seq: 1 }), data: { kind: 'glass_break' } }));
  const { id } = await site.listener.until(({ topic, payload }): Alert | undefined => {
    const alert = topic.startsWith('wp/1/test/alerts/') && payload !== '' ? JSON.parse(payload) : undefined;
    return alert?.details.kind === 'glass_break' ? alert : undefined;
  });
  await site.stopIngest();
  for (const [seen, to] of (['acknowledged', 'resolved', 'closed'] as const).entries()) {
    const request = { id: randomUUID(), version: seen + 1, to, disposition: 'test' as const };
    await takeOfficerStep(site.store.changes, 'test', id, request, 'officer', Date.now());
  }
  await site.startIngest();
  await site.listener.until(({ topic, payload }) =>
    topic === `wp/1/test/alerts/${id}` && payload === '' ? true : undefined,
  );
});
