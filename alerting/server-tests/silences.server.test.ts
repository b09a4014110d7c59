import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import type { StoredSilence } from '../src/silences/silence.ts';
import { silenceRule } from '../src/silences/silence-rule.ts';
import { dueOf, SilenceWork } from '../src/silences/silence-work.ts';
import { findAlert } from '../src/store/alert-store.ts';
import { writeDue } from '../src/store/due-store.ts';
import { openStore } from '../src/store/open-store.ts';
import { findSilence, insertSilence, updateSilence } from '../src/store/silence-store.ts';
import { DueRun } from '../src/testing/due-run.ts';
import { newEpoch, StoreRun } from '../src/testing/store-run.ts';
import { doorAlarm } from '../src/testing/test-events.ts';

const variable = 'WATCHPOST_TEST_DATABASE_URL';
const url = process.env[variable];
if (!url) throw new Error(`${variable} must name a PostgreSQL server whose database this test may fill`);

const run = new StoreRun();
afterAll(() => run.close());

test('a silence that is ended while an alert is judged by it waits for that, and then keeps nobody quiet', async () => {
  await run.open(() => openStore({ kind: 'server', url }));
  const { db, changes } = run.store;
  const due = new DueRun(run, [], new SilenceWork({ site: run.site }).handlers);
  const iso = (ms: number) => new Date(ms).toISOString();
  const silence: StoredSilence = {
    ...{ site: run.site, id: randomUUID(), version: 1, purpose: 'quiet', hours: null, timeZone: 'UTC' },
    match: { zones: null, devices: null, kinds: null, highest: 'critical', danger: false },
    ...{
      from: iso(due.nowMs),
      until: iso(due.nowMs + 3_600_000),
      reason: 'works',
      signed: null,
      ended: null,
    },
    made: { at: iso(due.nowMs), by: 'anna', account: randomUUID() },
  };
  await insertSilence(db, silence);
  const judging = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  onTestFinished(() => goOn.resolve());
  const ends = [
    changes.judge(silenceRule({ site: run.site, nowMs: () => due.nowMs })),
    changes.also(async () => {
      judging.resolve();
      await goOn.promise;
      return undefined;
    }),
  ];
  const opening = run.commit([run.incoming(doorAlarm({ epoch: newEpoch() }))], run.alwaysAlerting);
  await judging.promise;
  let isEnded = false;
  const ending = db.transaction().execute(async (tx) => {
    const before = await findSilence(tx, [{ site: run.site, zones: null }], silence.id, true);
    if (!before) throw new Error('no silence');
    const ended = { at: iso(due.nowMs), by: 'anna', account: '', reason: 'done' };
    const after = { ...before, version: 2, ended };
    await updateSilence(tx, after);
    await writeDue(tx, dueOf(after, due.nowMs));
    isEnded = true;
  });
  await sleep(500);
  expect(isEnded).toBe(false);
  goOn.resolve();
  const { alerts } = await opening;
  await ending;
  await due.worker.look();
  expect((await findAlert(db, run.site, alerts[0]?.id ?? ''))?.suppressions).toBeUndefined();
  expect(
    await db.selectFrom('suppression').select('ended_by').where('ref', '=', silence.id).execute(),
  ).toEqual([{ ended_by: 'lifted' }]);
  for (const end of ends) end();
  due.end();
});
