import { setTimeout as sleep } from 'node:timers/promises';
import type { Alert } from '@watchpost/contracts/alert';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ChangeLog, type LoggedChange } from '../src/store/change-log.ts';
import { openStore, type Store } from '../src/store/open-store.ts';
import { newEpoch, StoreRun } from '../src/testing/store-run.ts';
import { doorAlarm } from '../src/testing/test-events.ts';

const url = process.env.WATCHPOST_TEST_DATABASE_URL;
if (!url)
  throw new Error(
    'WATCHPOST_TEST_DATABASE_URL must name a PostgreSQL server whose database this test may fill',
  );

const run = new StoreRun();
/** Another service on the same database. */
let other: Store;
let alert: Alert;
beforeAll(async () => {
  await run.open(() => openStore({ kind: 'server', url }));
  other = await openStore({ kind: 'server', url });
  const { alerts } = await run.commit([run.incoming(doorAlarm({ epoch: newEpoch() }))], run.alwaysAlerting);
  if (!alerts[0]) throw new Error('no alert');
  [alert] = alerts;
});
afterAll(async () => {
  await other.close();
  await run.close();
});

const joined = (version: number) => [{ what: 'joined' as const, alert: { ...alert, version } }];
const versionsOf = (changes: readonly LoggedChange[]) => changes.map((change) => change.alert.version);

test('of two writers the one that began first and commits second has the larger position', async () => {
  const { changes } = run.store;
  const head = await changes.head();
  const mayWrite = Promise.withResolvers<void>();
  const began = Promise.withResolvers<void>();
  const first = changes.commit(async (tx, append) => {
    // It has decided, and holds what it changed.
    await tx.selectFrom('alert').select('id').where('id', '=', alert.id).forUpdate().execute();
    began.resolve();
    await mayWrite.promise;
    await append(joined(101));
  });
  await began.promise;
  await other.changes.commit((_tx, append) => append(joined(102)));
  expect(versionsOf((await changes.page(run.site, head, 10)).changes)).toEqual([102]);
  const seen = await changes.head();
  mayWrite.resolve();
  await first;
  expect(versionsOf((await changes.page(run.site, seen, 10)).changes)).toEqual([101]);
});

test('a second writer waits for the commit of the one that has a position; nobody sees the larger one before', async () => {
  const head = await run.store.changes.head();
  const mayCommit = Promise.withResolvers<void>();
  const wrote = Promise.withResolvers<void>();
  const first = run.store.changes.commit(async (_tx, append) => {
    await append(joined(201));
    wrote.resolve();
    await mayCommit.promise;
  });
  await wrote.promise;
  let isDone = false;
  const second = other.changes
    .commit((_tx, append) => append(joined(202)))
    .finally(() => {
      isDone = true;
    });
  await sleep(300);
  expect([isDone, (await run.store.changes.page(run.site, head, 10)).changes]).toEqual([false, []]);
  mayCommit.resolve();
  await Promise.all([first, second]);
  expect(versionsOf((await run.store.changes.page(run.site, head, 10)).changes)).toEqual([201, 202]);
});

test('a reader that goes on after the newest position it saw misses nothing of many writers', async () => {
  const writers = 12;
  const each = 15;
  const head = await run.store.changes.head();
  const seen: LoggedChange[] = [];
  const isOver = new AbortController();
  const reading = (async () => {
    const reader = new ChangeLog(other.db);
    for (let last = false; ; ) {
      const { changes: page } = await reader.page(run.site, seen.at(-1)?.position ?? head, 50);
      seen.push(...page);
      if (last && page.length === 0) return;
      last = isOver.signal.aborted;
    }
  })();
  const write = async (writer: number) => {
    const { changes } = writer % 2 === 0 ? run.store : other;
    for (let turn = 0; turn < each; turn++) {
      await changes.commit(async (_tx, append) => {
        await append(joined(1_000 + writer * each + turn));
        // Some commit at once, some take their time.
        await sleep((writer * 7 + turn * 3) % 5);
      });
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  isOver.abort();
  await reading;
  expect(versionsOf(seen).sort((a, b) => a - b)).toEqual(
    Array.from({ length: writers * each }, (_, index) => 1_000 + index),
  );
});
