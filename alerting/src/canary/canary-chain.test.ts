import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { NoticeSender } from '../notify/outbox/notice-sender.ts';
import { defaultPolicy } from '../policy.ts';
import { knownCanaries } from '../store/canary-store.ts';
import { applyRetention } from '../store/retention.ts';
import { FakeChannels } from '../testing/fake-channel.ts';
import { IngestSite } from '../testing/ingest-site.ts';
import { testCanary } from '../testing/test-canary.ts';
import { testInstructions, testSite } from '../testing/test-site.ts';
import { CanaryLoopback } from './loopback.ts';

let site: IngestSite;
let loopback: CanaryLoopback;
let sender: NoticeSender;
beforeAll(async () => {
  site = await IngestSite.open({ canariesStored: (ids) => loopback.put(ids) });
  loopback = new CanaryLoopback(site.store.db);
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.begin();
  sender = new NoticeSender({
    ...{ db: site.store.db, channels: new FakeChannels(), loopback, isAlone: true },
    logger: pino({ level: 'silent' }),
    sites: new Map([
      [testSite.id as string, { site: testSite, instructions: testInstructions, console: undefined }],
    ]),
    clocks: { wallMs: Date.now, monotonicMs: () => performance.now() },
  });
});
afterEach(async () => {
  await sender.stop();
  await site.end();
});

const canary = (seq: number, gateway = 'edge1') => testCanary(gateway, site.epoch, seq);
const known = async () =>
  (await knownCanaries(site.store.db, testSite.id)).find((one) => one.gateway === 'edge1');
const rowsOf = async (table: string) =>
  (
    await sql<{ count: number }>`select count(*)::integer as count from ${sql.table(table)}`.execute(
      site.store.db,
    )
  ).rows[0]?.count;

test('20: a canary is receipted like an event, comes out of the outbox, and is no event', async () => {
  await site.publish('up', canary(1));
  await site.receiptAt(1);
  const stored = await known();
  expect(stored).toMatchObject({ version: '0.1.0', everyMs: 60_000, told: undefined });
  await sender.look();
  await sender.sent();
  await vi.waitFor(async () => expect((await known())?.told?.id).toBe(stored?.stored));
  for (const table of ['event', 'event_hour', 'alert', 'alert_change', 'reject'])
    expect([table, await rowsOf(table)]).toEqual([table, 0]);
});

test('a repeat is none, and nothing is told of one twice', async () => {
  await site.publish('up', [canary(1), canary(1)]);
  await site.receiptAt(1);
  const before = await rowsOf('canary');
  await site.publish('up', canary(1));
  await site.publish('up', canary(2));
  await site.receiptAt(2);
  expect(await rowsOf('canary')).toBe(Number(before) + 1);
});

test('one with a mistake, or in the name of another gateway, is refused and counts as handled', async () => {
  await site.publish('up', [
    { ...canary(1), data: { everyMs: 60_000, version: '0.1.0', mood: 'good' } },
    { ...canary(2), source: '/sites/test/devices/edge2' },
  ]);
  await site.receiptAt(2);
  expect(await rowsOf('canary')).toBe(3);
  await sql`delete from reject`.execute(site.store.db);
});

test('they are kept for an hour, the newest of each gateway for longer', async () => {
  await sql`update canary set stored_at = clock_timestamp() - interval '2 hours'`.execute(site.store.db);
  await applyRetention(site.store, new Map([[testSite.id, defaultPolicy.keptDays]]), Date.now());
  expect(await rowsOf('canary')).toBe(1);
  expect((await known())?.stored).toEqual(expect.any(String));
});
