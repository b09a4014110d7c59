import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { DueHandler } from '../src/jobs/due-handler.ts';
import { DueWorker } from '../src/jobs/due-worker.ts';
import { defaultPolicy } from '../src/policy.ts';
import { findAlert, lockAlert } from '../src/store/alert-store.ts';
import { writeDue } from '../src/store/due-store.ts';
import { openStore, type Store } from '../src/store/open-store.ts';
import { DueRun } from '../src/testing/due-run.ts';
import { newEpoch, StoreRun } from '../src/testing/store-run.ts';
import { candidate } from '../src/testing/test-events.ts';

const url = process.env.WATCHPOST_TEST_DATABASE_URL;
if (!url)
  throw new Error(
    'WATCHPOST_TEST_DATABASE_URL must name a PostgreSQL server whose database this test may fill',
  );

const run = new StoreRun();
/** Of another service on the same database. */
let other: Store;
beforeAll(async () => {
  await run.open(() => openStore({ kind: 'server', url }));
  other = await openStore({ kind: 'server', url });
});
afterAll(async () => {
  await other.close();
  await run.close();
});
afterEach(() => run.store.db.deleteFrom('due').where('site', '=', run.site).execute());

const workerOn = ({ db, changes }: Store, handler: DueHandler) => {
  const clocks = { wallMs: Date.now, monotonicMs: () => performance.now() };
  const worker = new DueWorker({ db, changes, clocks, logger: pino({ level: 'silent' }) });
  worker.handle(run.site, 'alert.clear', handler);
  return worker;
};
const write = (keys: readonly string[]) =>
  writeDue(
    run.store.db,
    keys.map((key) => ({ site: run.site, kind: 'alert.clear', key, atMs: Date.now() - 1_000, version: 1 })),
  );
const left = async () =>
  (await run.store.db.selectFrom('due').select('key').where('site', '=', run.site).execute()).length;

test('two services share what is due; none waits for the other and no step is done twice', async () => {
  const keys = Array.from({ length: 1_000 }, (_, index) => `${run.name}-${index}`);
  await write(keys);
  const done = [[] as string[], [] as string[]];
  const workers = [run.store, other].map((store, index) =>
    workerOn(store, async (tx, steps) => {
      await sql`select pg_sleep(0.01)`.execute(tx);
      done[index]?.push(...steps.map(({ key }) => key));
      return undefined;
    }),
  );
  await Promise.all(workers.map((worker) => worker.look()));
  while ((await left()) > 0) await workers[0]?.look();
  expect(done.flat().sort()).toEqual(keys.sort());
  expect(done.map(({ length }) => length > 0)).toEqual([true, true]);
});

test('a connection that is cut between taking a step and its commit has not done it; another service does', async () => {
  const key = `${run.name}-cut`;
  await write([key]);
  const name = `due-${run.name}`;
  const insert: DueHandler = async (tx) => {
    await tx.insertInto('server_key').values({ name, value: '' }).execute();
    return undefined;
  };
  const cut = workerOn(run.store, async (tx, steps, nowMs) => {
    await insert(tx, steps, nowMs);
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
    await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(other.db);
    await sql`select 1`.execute(tx);
    return undefined;
  });
  await expect(cut.look()).rejects.toThrow();
  const done = () => other.db.selectFrom('server_key').select('name').where('name', '=', name).execute();
  expect([(await done()).length, await left()]).toEqual([0, 1]);
  const next = workerOn(other, insert);
  await next.look();
  await next.look();
  expect([(await done()).length, await left()]).toEqual([1, 0]);
});

test('a step whose alert somebody else is changing waits for nobody, and finds it changed the next time', async () => {
  const due = new DueRun(run);
  try {
    const seen = run.incoming(candidate('watch', { epoch: newEpoch(), device: 'cam1' }));
    const { alerts } = await run.commit([seen], run.alwaysAlerting);
    const id = alerts[0]?.id ?? '';
    due.sleep(defaultPolicy.clearsAfterMs.faceCandidate + 60_000);
    const mayGoOn = Promise.withResolvers<void>();
    const isLocked = Promise.withResolvers<void>();
    const changing = other.db.transaction().execute(async (tx) => {
      await lockAlert(tx, run.site, id);
      isLocked.resolve();
      await mayGoOn.promise;
      // Would wait for ever if the step held its row while it waited for the alert.
      await writeDue(tx, [{ site: run.site, kind: 'alert.clear', key: id, atMs: due.nowMs, version: 99 }]);
    });
    await isLocked.promise;
    await due.worker.look();
    expect([(await findAlert(run.store.db, run.site, id))?.condition, await left()]).toEqual(['active', 1]);
    mayGoOn.resolve();
    await changing;
    await due.worker.look();
    expect([(await findAlert(run.store.db, run.site, id))?.condition, await left()]).toEqual(['active', 0]);
  } finally {
    due.end();
  }
});
