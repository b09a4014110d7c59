import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allHeld } from '../leases/leases.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { DueScheduler } from './due-scheduler.ts';
import { DueWorker } from './due-worker.ts';
import { FakeScheduler } from './fake-scheduler.ts';
import type { Scheduler } from './scheduler.ts';

const logger = pino({ level: 'silent' });
let store: Store;
beforeAll(async () => {
  store = await openStore(await embeddedStore());
});
afterAll(() => store.close());

interface Adapter {
  readonly scheduler: Scheduler;
  readonly nowMs: () => number;
  /** Lets this much time pass, at least. */
  readonly pass: (ms: number) => Promise<void>;
}

/** A process on the store: another one of the same site goes on with its rows. */
function rows(site = `site-${randomUUID().slice(0, 8)}`, isLeading = () => true) {
  const { db, changes } = store;
  const clocks = { wallMs: Date.now, monotonicMs: () => performance.now() };
  const retryMs = { first: 1, largest: 10 };
  const worker = new DueWorker({ db, changes, clocks, logger, policy: { retryMs } });
  const leases = { ...allHeld, holds: isLeading };
  const scheduler = new DueScheduler({ site, db, worker, leases, nowMs: Date.now, logger });
  const pass = async (ms: number) => {
    await scheduler.written();
    const untilMs = Date.now() + ms + 50;
    while (Date.now() < untilMs) {
      await worker.look();
      await sleep(5);
    }
  };
  return { site, scheduler, nowMs: Date.now, pass };
}

const adapters: Readonly<Record<string, () => Adapter>> = {
  rows: () => rows(),
  fake: () => {
    const scheduler = new FakeScheduler(1_000_000);
    return { scheduler, nowMs: () => scheduler.nowMs, pass: (ms) => scheduler.pass(ms) };
  },
};

describe.each(Object.entries(adapters))('due work by %s', (_name, make) => {
  test('runs at its time with its key and payload, not before, and once', async () => {
    const { scheduler, nowMs, pass } = make();
    const ran: unknown[] = [];
    scheduler.handle('gateway.lost', (key, payload) => void ran.push([key, payload]));
    scheduler.schedule('gateway.lost', 'edge1', nowMs() + 60_000, { x: 1 });
    scheduler.schedule('gateway.lost', 'edge2', nowMs() + 30, { x: 2 });
    await pass(40);
    await pass(40);
    expect(ran).toEqual([['edge2', { x: 2 }]]);
    scheduler.cancel('gateway.lost', 'edge1');
  });

  test('scheduling again replaces, cancelling takes away, what is past runs at once', async () => {
    const { scheduler, nowMs, pass } = make();
    const ran: string[] = [];
    scheduler.handle('device.lost', (key) => void ran.push(key));
    scheduler.schedule('device.lost', 'a', nowMs() + 10);
    scheduler.schedule('device.lost', 'a', nowMs() + 3_600_000);
    scheduler.schedule('device.lost', 'b', nowMs() + 10);
    scheduler.cancel('device.lost', 'b');
    scheduler.cancel('device.lost', 'never');
    scheduler.schedule('device.lost', 'c', nowMs() - 1_000);
    await pass(30);
    expect(ran).toEqual(['c']);
    scheduler.cancel('device.lost', 'a');
  });

  test('what is there is kept where that is asked for, and not after it was cancelled', async () => {
    const { scheduler, nowMs, pass } = make();
    const ran: string[] = [];
    scheduler.handle('device.lost', (key, { of }) => void ran.push(`${key} ${of}`));
    scheduler.schedule('device.lost', 'a', nowMs() + 30, { of: 'first' });
    await pass(0);
    scheduler.schedule('device.lost', 'a', nowMs() + 3_600_000, { of: 'second' }, 'keep');
    scheduler.schedule('device.lost', 'b', nowMs() + 3_600_000, { of: 'first' });
    scheduler.cancel('device.lost', 'b');
    scheduler.schedule('device.lost', 'b', nowMs() + 10, { of: 'second' }, 'keep');
    await pass(60);
    expect(ran.toSorted()).toEqual(['a first', 'b second']);
  });

  test('work that fails is due again', async () => {
    const { scheduler, nowMs, pass } = make();
    let attempts = 0;
    scheduler.handle('settings.broken', (key) => {
      if (key === 'a' && ++attempts < 3) throw new Error('not yet');
    });
    scheduler.schedule('settings.broken', 'a', nowMs());
    await pass(200);
    expect(attempts).toBe(3);
  });
});

test('13: a limit outlives the process that wrote it, and is carried out by whoever leads then', async () => {
  const before = rows();
  before.scheduler.handle('gateway.lost', () => undefined);
  before.scheduler.schedule('gateway.lost', 'edge1', Date.now() + 10);
  await before.scheduler.written();
  const ran: string[] = [];
  const other = rows(before.site, () => false);
  other.scheduler.handle('gateway.lost', (key) => void ran.push(`other ${key}`));
  other.scheduler.cancel('gateway.lost', 'edge1');
  await other.pass(30);
  expect(ran).toEqual([]);
  const next = rows(before.site);
  next.scheduler.handle('gateway.lost', (key) => void ran.push(`next ${key}`));
  await next.pass(30);
  expect(ran).toEqual(['next edge1']);
});
