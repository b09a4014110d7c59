import { randomUUID } from 'node:crypto';
import { type Alert, gatewayTopic, type Receipt, rejectListSchema } from '@watchpost/contracts';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { takeOfficerStep } from '../alerts/officer-step.ts';
import { defaultRuleSet } from '../domain/rule-set.ts';
import { siteDirectory } from '../domain/site-directory.ts';
import { GatewayBoard } from '../live/gateway-board.ts';
import { LiveFeed, type LiveMessage } from '../live/live-feed.ts';
import { createMetrics } from '../metrics.ts';
import { defaultPolicy } from '../policy.ts';
import { listAlerts } from '../store/alert-queue.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { listRejects } from '../store/reject-store.ts';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { Listener, TestBroker } from '../testing/test-broker.ts';
import { doorAlarm, forgedPass, smokeAlarm, wireEvent } from '../testing/test-events.ts';
import { testSite } from '../testing/test-site.ts';
import { UptimeRecord } from '../uptime/uptime-record.ts';
import { commitWork } from './commit-work.ts';
import { Ingest } from './ingest.ts';
import { readEvents } from './read-events.ts';

const directory = siteDirectory(testSite);
const broker = new TestBroker();
let store: Store;
let ingest: Ingest;
let gateways: GatewayBoard;
let listener: Listener;
let live: LiveMessage[];
/** Every test speaks with an outbox of its own. */
let epoch: string;
const lateTimes: number[] = [];

function createIngest(): Ingest {
  const feed = new LiveFeed();
  feed.subscribe((message) => live.push(message));
  gateways = new GatewayBoard(testSite);
  return new Ingest({
    directory,
    db: store.db,
    broker: { url: broker.url },
    gateways,
    feed,
    metrics: createMetrics(),
    logger: pino({ level: 'silent' }),
    policy: defaultPolicy,
    newId: randomUUID,
    nowMs: Date.now,
    losses: { linkUp() {}, linkDown() {}, heard() {}, takeState() {}, takeFlood() {} },
    uptime: new UptimeRecord({
      ...{ db: store.db, directory, policy: defaultPolicy.uptime, nowMs: Date.now },
      logger: pino({ level: 'silent' }),
    }),
    alertStored() {},
    lateEvents: (times) => lateTimes.push(...times),
  });
}

beforeAll(async () => {
  await broker.start();
  store = await openStore(await embeddedStore());
});
afterAll(async () => {
  await store.close();
  await broker.stop();
});
beforeEach(() => {
  live = [];
  epoch = randomUUID().replaceAll('-', '');
  ingest = createIngest();
  ingest.start();
  listener = new Listener(broker.url, ['wp/1/test/#']);
});
afterEach(async () => {
  await listener.stop();
  await ingest.stop();
});

const up = (payload: unknown, gateway = 'edge1') =>
  listener.client.publishAsync(
    gatewayTopic('up', 'test', gateway),
    Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
    { qos: 1 },
  );

/** Waits for the receipt of this test's outbox at a position. */
const receiptAt = (seq: number, of = epoch, gateway = 'edge1') =>
  listener.until(({ topic, payload }) => {
    if (topic !== gatewayTopic('receipt', 'test', gateway)) return undefined;
    const receipt: Receipt = JSON.parse(payload);
    return receipt.epoch === of && receipt.seq === seq ? receipt : undefined;
  });

const stored = async (of = epoch) =>
  (await store.db.selectFrom('event').select('seq').where('epoch', '=', of).orderBy('seq').execute()).map(
    ({ seq }) => seq,
  );

const rejectCounts = async () => rejectListSchema.parse(await listRejects(store.db, 'test', 50)).counts;

/** How often a code was counted while something was done. */
async function counted(code: string, act: () => Promise<unknown>): Promise<number> {
  const before = (await rejectCounts())[code] ?? 0;
  await act();
  return ((await rejectCounts())[code] ?? 0) - before;
}

test('a repeat is stored once and receipted again', async () => {
  const batch = [1, 2, 3].map((seq) => wireEvent(forgedPass({ epoch, seq })));
  await up(batch);
  await receiptAt(3);
  const before = listener.messages.length;
  await up(batch);
  await listener.until((message) =>
    listener.messages.indexOf(message as never) >= before && message.topic.endsWith('/receipt')
      ? true
      : undefined,
  );
  expect(await stored()).toEqual([1, 2, 3]);
});

test('when a device was up is written down, by what its gateway says of it', async () => {
  await up(wireEvent(forgedPass({ epoch, seq: 1 })));
  await receiptAt(1);
  const say = (status: 'online' | 'offline', health: string) =>
    listener.client.publishAsync(
      gatewayTopic('state', 'test', 'edge2'),
      JSON.stringify({
        ...{ status, time: new Date().toISOString(), version: '1', clockOffsetMs: null, epoch: null },
        ...{
          outboxDepth: 0,
          devices: [{ device: 'temp2', status: health, readings: 0, unreadable: 0 }],
        },
      }),
      { qos: 1 },
    );
  const written = async () =>
    (
      await store.db
        .selectFrom('device_status')
        .select('status')
        .where('device', '=', 'temp2')
        .orderBy('at')
        .execute()
    ).map(({ status }) => status);
  await say('online', 'ok');
  await expect.poll(written, { timeout: 20_000 }).toEqual(['up']);
  await say('online', 'lost');
  await expect.poll(written, { timeout: 20_000 }).toEqual(['up', 'down']);
  await say('online', 'ok');
  await say('offline', 'ok');
  await expect.poll(written, { timeout: 20_000 }).toEqual(['up', 'down', 'up', 'down']);
});

test('a gap holds the receipt back until it fills', async () => {
  await up([wireEvent(forgedPass({ epoch, seq: 1 })), wireEvent(forgedPass({ epoch, seq: 3 }))]);
  await receiptAt(1);
  expect(await stored()).toEqual([1, 3]);
  await up(wireEvent(forgedPass({ epoch, seq: 2 })));
  await receiptAt(3);
});

test('bad events of a batch are rejected one by one; they count as handled and the good ones go on', async () => {
  const event = (seq: number, change: object) => ({ ...wireEvent(forgedPass({ epoch, seq })), ...change });
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
  const before = await rejectCounts();
  await up(batch);
  await receiptAt(11);
  // Of two nobody knows when they were captured: they are kept, and counted.
  expect(await stored()).toEqual([1, 6, 7, 11]);
  const after = await rejectCounts();
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
  await up({ ...wireEvent(forgedPass({ epoch, seq: 1 })), gateway: 'edge1' }, 'edge2');
  await receiptAt(1, epoch, 'edge2');
  await up(wireEvent(forgedPass({ epoch, seq: 1 })));
  await receiptAt(1);
  expect(await stored()).toEqual([1]);
});

test('garbage is counted and stops nothing', async () => {
  const garbage = Buffer.from([0xff, 0xfe, 0x00, 0x7b]);
  const notJson = await counted('wire.not_json', async () => {
    await up(garbage);
    await up(Buffer.from('{"a":'));
    await up(Buffer.from('['.repeat(30_000)));
    await up(wireEvent(forgedPass({ epoch, seq: 1 })));
    await receiptAt(1);
  });
  expect(notJson).toBe(3);
  expect(
    await counted('wire.too_large', async () => {
      await up(Buffer.alloc(70_000, 0x20));
      await up(wireEvent(forgedPass({ epoch, seq: 2 })));
      await receiptAt(2);
    }),
  ).toBe(1);
  expect(
    await counted('wire.topic', async () => {
      await listener.client.publishAsync('wp/1/test/no gateway/up', '{}', { qos: 1 });
      await up(wireEvent(forgedPass({ epoch, seq: 3 })));
      await receiptAt(3);
    }),
  ).toBe(1);
  const kept = await listRejects(store.db, 'test', 50);
  expect(kept.newest.map(({ topic }) => topic)).toContain('wp/1/test/no gateway/up');
});

test('a batch that is too long counts as nothing handled', async () => {
  const batch = Array.from({ length: 201 }, (_, index) => wireEvent(forgedPass({ epoch, seq: index + 1 })));
  expect(JSON.stringify(batch).length).toBeLessThan(65_536);
  expect(
    await counted('wire.batch_too_long', async () => {
      await up(batch);
      await up(batch.slice(0, 1));
      await receiptAt(1);
    }),
  ).toBe(1);
  expect(await stored()).toEqual([1]);
});

test('killed after the commit and before the receipt: the next start and every resend acknowledge it', async () => {
  await ingest.stop();
  const event = wireEvent(smokeAlarm({ epoch, seq: 1 }));
  const payload = Buffer.from(JSON.stringify(event));
  const parsed = { name: 'up', site: 'test', gateway: 'edge1' } as const;
  const message = { topic: 'wp/1/test/edge1/up', parsed, payload, receivedMs: Date.now() };
  const work = readEvents(message, directory, randomUUID);
  await commitWork(store.db, work, {
    directory,
    rules: defaultRuleSet,
    policy: defaultPolicy,
    newId: randomUUID,
    nowMs: Date.now(),
  });
  // The receipt of that commit was never published.
  ingest = createIngest();
  ingest.start();
  await receiptAt(1);
  const before = listener.messages.length;
  await up(event);
  await listener.until((received) =>
    listener.messages.indexOf(received as never) >= before && received.topic.endsWith('edge1/receipt')
      ? true
      : undefined,
  );
  expect(await stored()).toEqual([1]);
});

test('a broker that comes back empty gets receipts and alerts again, and delivery goes on', async () => {
  await up(wireEvent(smokeAlarm({ epoch, seq: 1 })));
  await receiptAt(1);
  await broker.stop();
  await broker.start();
  const fresh = new Listener(broker.url, ['wp/1/test/#']);
  await fresh.until(({ topic, payload }) =>
    topic.endsWith('edge1/receipt') && JSON.parse(payload).epoch === epoch ? true : undefined,
  );
  const alert = await fresh.until(({ topic, payload }) =>
    topic.startsWith('wp/1/test/alerts/') && payload !== '' ? JSON.parse(payload) : undefined,
  );
  expect(alert.state).toBe('open');
  await fresh.client.publishAsync(
    'wp/1/test/edge1/up',
    JSON.stringify(wireEvent(smokeAlarm({ epoch, seq: 2 }))),
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
  await up(wireEvent({ ...doorAlarm({ epoch, seq: 1 }), data: { kind: 'glass_break' } }));
  const { id } = await listener.until(({ topic, payload }): Alert | undefined => {
    const alert = topic.startsWith('wp/1/test/alerts/') && payload !== '' ? JSON.parse(payload) : undefined;
    return alert?.details.kind === 'glass_break' ? alert : undefined;
  });
  await ingest.stop();
  for (const [seen, to] of (['acknowledged', 'resolved', 'closed'] as const).entries()) {
    const request = { id: randomUUID(), version: seen + 1, to, disposition: 'test' as const };
    await takeOfficerStep(store.db, 'test', id, request, 'officer', Date.now());
  }
  ingest = createIngest();
  ingest.start();
  await listener.until(({ topic, payload }) =>
    topic === `wp/1/test/alerts/${id}` && payload === '' ? true : undefined,
  );
});

test('two live gateways with one identity are noticed, and both are heard', async () => {
  const other = randomUUID().replaceAll('-', '');
  await up(wireEvent(forgedPass({ epoch, seq: 1 })));
  await receiptAt(1);
  await up(wireEvent(forgedPass({ epoch: other, seq: 1 })));
  await receiptAt(1, other);
  expect(gateways.status('edge1')?.error).toBeUndefined();
  await up(wireEvent(forgedPass({ epoch, seq: 2 })));
  await receiptAt(2);
  await up(wireEvent(forgedPass({ epoch: other, seq: 2 })));
  await receiptAt(2, other);
  expect([await stored(), await stored(other)]).toEqual([
    [1, 2],
    [1, 2],
  ]);
  expect(gateways.status('edge1')?.error).toBe('wire.duplicate_identity');
  expect(gateways.status('edge2')?.error).toBeUndefined();
  expect((await rejectCounts())['wire.duplicate_identity']).toBe(1);
  expect(live).toContainEqual(
    expect.objectContaining({
      name: 'gateway',
      payload: expect.objectContaining({ error: 'wire.duplicate_identity' }),
    }),
  );
});

test('a late event fills history and pages nobody', async () => {
  const time = new Date(Date.now() - 11 * 60_000).toISOString();
  const open = () => listAlerts(store.db, { site: 'test', states: ['open'], order: 'urgency', limit: 500 });
  const before = await open();
  await up(wireEvent(forgedPass({ epoch, seq: 1, time })));
  await receiptAt(1);
  expect(await stored()).toEqual([1]);
  expect(gateways.status('edge1')?.lateEvents).toBeGreaterThan(0);
  expect(await open()).toEqual(before);
  expect(lateTimes).toContain(Date.parse(time));
});

test('a cleared sensor marks its alert, which stays', async () => {
  const alarm = wireEvent({
    ...doorAlarm({ epoch, seq: 1, device: 'temp2' }),
    data: { kind: 'temperature' },
  });
  await up(alarm, 'edge2');
  const { id } = await listener.until(({ topic, payload }) => {
    const alert = topic.startsWith('wp/1/test/alerts/') && payload !== '' ? JSON.parse(payload) : undefined;
    return alert?.details.kind === 'temperature' ? alert : undefined;
  });
  await up(
    wireEvent({
      type: 'watchpost.sensor.cleared.v1',
      data: { kind: 'temperature' },
      device: 'temp2',
      epoch,
      seq: 2,
    }),
    'edge2',
  );
  const cleared = await listener.until(({ topic, payload }) => {
    const alert = topic === `wp/1/test/alerts/${id}` ? JSON.parse(payload) : undefined;
    return alert?.condition === 'cleared' ? alert : undefined;
  });
  expect(cleared).toMatchObject({ state: 'open', version: 2, eventCount: 1 });
});

test('what a gateway says of itself is shown, nonsense is counted', async () => {
  const state = {
    status: 'online',
    time: new Date().toISOString(),
    version: '1.0.0',
    clockOffsetMs: 12,
    epoch,
    outboxDepth: 0,
    devices: [{ device: 'cam1', status: 'ok', readings: 5, unreadable: 0 }],
  };
  const publish = (payload: object) =>
    listener.client.publishAsync('wp/1/test/edge1/state', JSON.stringify(payload), { qos: 1, retain: true });
  const nonsense = await counted('wire.schema', async () => {
    await publish({ ...state, status: 'asleep' });
    await publish(state);
    await up(wireEvent(forgedPass({ epoch, seq: 1 })));
    await receiptAt(1);
  });
  expect(nonsense).toBe(1);
  expect(gateways.status('edge1')).toMatchObject({ status: 'online', clockOffsetMs: 12 });
  expect(gateways.status('edge2')?.status).toBe('unknown');
});

test('measurements are stored; of unknown devices and in impossible times they are not', async () => {
  const now = Math.floor(Date.now() / 1000);
  const pack = [
    { bn: 'temp2/', bt: now, n: 'temperature', u: 'Cel', v: 21.5 },
    { n: 'temperature', u: 'Cel', v: 22, t: 1 },
    { n: 'temperature', u: 'Cel', v: 23, t: -now + 2 ** 28 },
    { bn: 'smoke1/', n: 'level', v: 1 },
  ];
  await listener.client.publishAsync('wp/1/test/edge2/telemetry', JSON.stringify(pack), { qos: 0 });
  await up(
    wireEvent({ ...doorAlarm({ epoch, seq: 1, device: 'temp2' }), data: { kind: 'temperature' } }),
    'edge2',
  );
  await receiptAt(1, epoch, 'edge2');
  const rows = await store.db.selectFrom('telemetry').select('value').where('device', '=', 'temp2').execute();
  expect(rows.map(({ value }) => value).sort()).toEqual([21.5, 22]);
  expect(await rejectCounts()).toMatchObject({ 'wire.unknown_device': expect.any(Number) });
});
