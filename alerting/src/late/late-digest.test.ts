import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openStore } from '../store/open-store.ts';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { NoticeRun } from '../testing/notice-run.ts';
import { newEpoch, StoreRun } from '../testing/store-run.ts';
import { doorAlarm, forgedPass } from '../testing/test-events.ts';
import { lateDigest } from './late-digest.ts';
import { latePolicy } from './policy.ts';

const run = new StoreRun();
const minuteMs = 60_000;
let notices: NoticeRun;
beforeAll(async () => {
  await run.open(async () => openStore(await embeddedStore()));
});
afterAll(() => run.close());
beforeEach(async () => {
  notices = new NoticeRun(run);
  await run.store.db.deleteFrom('late_counted').execute();
  await run.store.db.deleteFrom('due').execute();
});

const ago = (minutes: number) => new Date(Date.now() - minutes * minuteMs).toISOString();

/** What is due of it now, at a time; gives when more is. */
async function due(nowMs: number): Promise<void> {
  const handler = lateDigest({
    ...{ site: run.site, newId: randomUUID, written: () => undefined, expect: () => undefined },
  });
  const step = { site: run.site, kind: 'late.digest', key: '', atMs: nowMs, version: 0 } as const;
  await run.store.changes.commit((tx) => handler(tx, [{ ...step, payload: {}, attempts: 0 }], nowMs));
}
const waits = async () =>
  (await run.store.db.selectFrom('due').select('at').where('kind', '=', 'late.digest').execute()).length;

async function bringLate(): Promise<void> {
  const epoch = newEpoch();
  const motion = (seq: number, minutes: number) =>
    run.incoming({ ...doorAlarm({ epoch, seq, time: ago(minutes) }), data: { kind: 'motion' } });
  await run.commit([motion(1, 75), motion(2, 40)]);
  await run.commit([motion(3, 20), run.incoming(forgedPass({ epoch, seq: 4, time: ago(30) }))]);
}

test('late events of a reconnection are one digest, told as information, and no alert', async () => {
  await notices.receiver('desk', ['low']);
  await notices.receiver('night', ['critical']);
  await bringLate();
  expect(await waits()).toBe(1);
  await due(Date.now());
  expect(await waits()).toBe(1);
  await due(Date.now() + latePolicy.quietMs + 1_000);
  notices.sleep(60_000);
  await notices.send();
  expect(notices.channels.tried.map(({ url }) => url)).toEqual(['https://desk.example/']);
  const [{ notice } = { notice: undefined }] = notices.channels.tried;
  expect(notice).toMatchObject({ severity: 'low', kind: 'updated' });
  expect(notice?.title).toContain('4 events came late');
  expect(notice?.body).toContain('edge1 was away ');
  expect(notice?.body).toContain('Motion detected: 3, Visitor pass refused: 1');
  expect(notice?.link).toMatch(/\/manage\/history$/);
  expect(await run.store.db.selectFrom('alert').select('id').execute()).toEqual([]);
  expect(await run.store.db.selectFrom('incident').select('id').execute()).toEqual([]);
});

test('as long as more comes nobody is told, but not for longer than the limit; the rest is the next digest', async () => {
  await bringLate();
  const startMs = Date.now();
  await run.store.db
    .updateTable('late_counted')
    .set({ came_last: new Date(startMs + latePolicy.atMostMs).toISOString() })
    .execute();
  await due(startMs + latePolicy.atMostMs - 60_000);
  expect(await run.store.db.selectFrom('late_counted').select('term').execute()).not.toEqual([]);
  await due(startMs + latePolicy.atMostMs + 1_000);
  expect(await run.store.db.selectFrom('late_counted').select('term').execute()).toEqual([]);
});

test('what came in time, and ends of what was told, are in no digest', async () => {
  const epoch = newEpoch();
  await run.commit([
    run.incoming(forgedPass({ epoch, seq: 1 })),
    run.incoming({
      ...{ type: 'watchpost.sensor.cleared.v1', device: 'door1', epoch, seq: 2, time: ago(60) },
      data: { kind: 'door' },
    }),
  ]);
  expect(await run.store.db.selectFrom('late_counted').selectAll().execute()).toEqual([]);
  expect(await waits()).toBe(0);
});
