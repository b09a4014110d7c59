import type { Alert } from '@watchpost/contracts/alert';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { defaultPolicy } from '../policy.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { relayOffset } from '../store/relay-offsets.ts';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { newEpoch, StoreRun } from '../testing/store-run.ts';
import { doorAlarm } from '../testing/test-events.ts';
import { AlertPublisher } from './alert-publisher.ts';

const logger = pino({ level: 'silent' });
let run: StoreRun;
let store: Store;
let publisher: AlertPublisher;
/** What was published and the broker has not acknowledged. */
let waiting: { readonly alert: string; readonly payload: string; readonly done: () => void }[] = [];
let published: (Alert | undefined)[] = [];
let acknowledges = true;

beforeAll(async () => {
  store = await openStore(await embeddedStore());
});
afterAll(() => store.close());
beforeEach(async () => {
  run = new StoreRun();
  await run.open(async () => store);
  published = [];
  waiting = [];
  acknowledges = true;
  publisher = make();
});
afterEach(() => publisher.stop());

function make(toldAgainMs = -1, unacknowledgedAtMost = 1_000): AlertPublisher {
  return new AlertPublisher({
    db: store.db,
    changes: store.changes,
    site: run.site,
    policy: { ...defaultPolicy.retained, toldAgain: { withinMs: toldAgainMs, changes: 1_000 } },
    unacknowledgedAtMost,
    publish: (topic, payload, done) => {
      published.push(payload === '' ? undefined : JSON.parse(payload));
      if (acknowledges) done();
      else waiting.push({ alert: topic.split('/').at(-1) ?? '', payload, done });
    },
    nowMs: Date.now,
    logger,
    everyMs: 10,
  });
}

const offset = () => relayOffset(store.db, run.site, 'mqtt');
const head = () => store.changes.head();
const epochs = new Map<string, { epoch: string; seq: number }>();
/** An alarm of a device: it opens an alert, or joins the one that is there. */
async function alarm(device: 'door1' | 'reader1' | 'cam1'): Promise<Alert> {
  const key = `${run.name} ${device}`;
  const { epoch, seq } = epochs.get(key) ?? { epoch: newEpoch(), seq: 1 };
  epochs.set(key, { epoch, seq: seq + 1 });
  const data = { kind: 'glass_break' as const };
  const { alerts } = await run.commit([run.incoming({ ...doorAlarm({ epoch, seq, device }), data })]);
  const [alert] = alerts;
  if (!alert) throw new Error('no alert');
  return alert;
}
const versions = () => published.map((alert) => alert && [alert.id, alert.version]);

test('a commit is published at once, and the offset is not ahead of what the broker acknowledged', async () => {
  await publisher.connected(true);
  await expect.poll(offset).toBe(await head());
  const before = await offset();
  acknowledges = false;
  const door = await alarm('door1');
  const reader = await alarm('reader1');
  await expect.poll(versions).toEqual([
    [door.id, 1],
    [reader.id, 1],
  ]);
  waiting[1]?.done();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await offset()).toBe(before);
  waiting[0]?.done();
  await expect.poll(offset).toBe(await head());
});

test('what was not acknowledged is told the next connection, though the broker kept all else', async () => {
  const old = await alarm('cam1');
  await publisher.connected(false);
  expect(versions()).toEqual([[old.id, 1]]);
  await expect.poll(offset).toBe(await head());
  acknowledges = false;
  const door = await alarm('door1');
  publisher.lost();
  const reader = await alarm('reader1');
  published = [];
  acknowledges = true;
  await publisher.connected(true);
  expect(published.map((alert) => alert?.id).sort()).toEqual([door.id, reader.id].sort());
  await expect.poll(offset).toBe(await head());
});

test('a process that was killed in between has remembered how far the broker was told', async () => {
  await publisher.connected(false);
  await alarm('cam1');
  await expect.poll(offset).toBe(await head());
  acknowledges = false;
  const door = await alarm('door1');
  // Without a stop: nothing more is remembered.
  publisher.lost();
  acknowledges = true;
  published = [];
  publisher = make();
  await publisher.connected(true);
  expect(published.map((alert) => alert?.id)).toEqual([door.id]);
});

test('a broker that comes back empty is told every alert once, and nothing counts as told before it has all', async () => {
  const ids = [(await alarm('cam1')).id, (await alarm('reader1')).id];
  acknowledges = false;
  const connecting = publisher.connected(false);
  await expect.poll(() => waiting.length).toBe(2);
  const door = await alarm('door1');
  await expect.poll(() => waiting.length).toBe(3);
  waiting[2]?.done();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await offset()).toBeUndefined();
  waiting[0]?.done();
  waiting[1]?.done();
  await connecting;
  await expect.poll(offset).toBe(await head());
  expect(published.map((alert) => alert?.id).sort()).toEqual([...ids, door.id].sort());
});

test('nothing is told again at a start before which nothing happened, but what a crash of the broker may have cost', async () => {
  const door = await alarm('door1');
  await publisher.connected(false);
  await publisher.stop();
  published = [];
  publisher = make();
  await publisher.connected(true);
  expect(published).toEqual([]);
  await publisher.stop();
  publisher = make(60_000);
  await publisher.connected(true);
  expect(published.map((alert) => alert?.id)).toEqual([door.id]);
});

test('what happened after the server’s clock was set back is told', async () => {
  await alarm('cam1');
  await publisher.connected(false);
  await publisher.stop();
  const { alerts } = await run.commit([
    run.incoming(
      { ...doorAlarm({ epoch: newEpoch(), time: new Date(Date.now() - 180 * 60_000).toISOString() }) },
      Date.now() - 180 * 60_000,
    ),
  ]);
  published = [];
  publisher = make();
  await publisher.connected(true);
  expect(published.map((alert) => alert?.id)).toEqual(alerts.map(({ id }) => id));
  expect(published).toHaveLength(1);
});

test('an alert that closed while nobody listened is taken away', async () => {
  await publisher.connected(false);
  const { id } = await alarm('door1');
  publisher.lost();
  for (const to of ['acknowledged', 'resolved', 'closed'] as const)
    await run.step(id, { to, disposition: 'test' });
  published = [];
  await publisher.connected(true);
  expect(published).toEqual([undefined]);
});

test('a broker that acknowledges nothing is not told more and more, and everything once it does', async () => {
  publisher = make(-1, 3);
  await publisher.connected(false);
  acknowledges = false;
  const { id } = await alarm('door1');
  for (let more = 0; more < 40; more++) await alarm('door1');
  expect(waiting.length).toBeLessThanOrEqual(3);
  acknowledges = true;
  for (const { done } of waiting) done();
  await expect.poll(() => versions().at(-1)).toEqual([id, 41]);
  await expect.poll(offset).toBe(await head());
});
