import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Alert } from '@watchpost/contracts/alert';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import type { DueHandler } from '../jobs/due-handler.ts';
import type { DueKind, DueRow } from '../jobs/due-step.ts';
import { DueWorker } from '../jobs/due-worker.ts';
import { defaultPolicy } from '../policy.ts';
import { findAlert } from '../store/alert-store.ts';
import { writeDue } from '../store/due-store.ts';
import { DueRun } from './due-run.ts';
import { newEpoch, type StoreRun } from './store-run.ts';
import { candidate } from './test-events.ts';

const clearsMs = defaultPolicy.clearsAfterMs.faceCandidate;
const kind = 'alert.clear';

/** How every store carries out what is due. */
export function dueContract(run: StoreRun): void {
  let ends: (() => void)[] = [];
  const begin = (handlers: Partial<Record<DueKind, DueHandler>> = {}) => {
    const due = new DueRun(run, [], handlers);
    ends.push(() => due.end());
    return due;
  };
  afterEach(async () => {
    for (const end of ends) end();
    ends = [];
    await run.store.db.deleteFrom('due').where('site', '=', run.site).execute();
  });
  const row = (key: string, atMs: number, more: Partial<DueRow> = {}): DueRow => ({
    ...{ site: run.site, kind, key, atMs, version: 1 },
    ...more,
  });
  const write = (...rows: DueRow[]) => writeDue(run.store.db, rows);
  const left = async () =>
    (
      await run.store.db
        .selectFrom('due')
        .select(['key', 'at', 'attempts'])
        .where('site', '=', run.site)
        .orderBy('key')
        .execute()
    ).map(({ key, at, attempts }) => ({ key, atMs: at.getTime(), attempts }));
  /** Carries out nothing, and says what it was given. */
  const recorder = () => {
    const keys: string[] = [];
    const handler: DueHandler = async (_tx, steps) => {
      keys.push(...steps.map(({ key }) => key));
      return undefined;
    };
    return { keys, handler };
  };
  const seen = (list: 'watch' | 'access', time = new Date().toISOString()) =>
    run.incoming(candidate(list, { epoch: newEpoch(), device: 'cam1', time }));
  const settle = async (alert: Alert | undefined) => {
    for (const to of ['acknowledged', 'resolved', 'closed'] as const)
      await run.step(alert?.id ?? '', { to, disposition: 'test' });
  };

  test('a step is carried out at its time, not before, once, in the order of the times', async () => {
    const { keys, handler } = recorder();
    const due = begin({ [kind]: handler });
    await write(row('c', due.nowMs + 30_000), row('a', due.nowMs + 10_000), row('b', due.nowMs + 20_000));
    await due.pass(9_000);
    expect(keys).toEqual([]);
    await due.pass(12_000);
    expect(keys).toEqual(['a', 'b']);
    await due.pass(60_000);
    expect([keys, await left()]).toEqual([['a', 'b', 'c'], []]);
    expect(due.late).toEqual([
      [kind, 0],
      [kind, 0],
      [kind, 0],
    ]);
  });

  test('what a step changes and that it is done are one transaction: over a failure neither is lost nor done twice', async () => {
    let failures = 2;
    const carriedOut = randomUUID();
    const due = begin({
      [kind]: async (tx) => {
        await tx.insertInto('server_key').values({ name: carriedOut, value: '' }).execute();
        if (failures-- > 0) throw new Error('killed before the commit');
        return undefined;
      },
    });
    const done = () =>
      run.store.db.selectFrom('server_key').select('name').where('name', '=', carriedOut).execute();
    const atMs = due.nowMs;
    await write(row('a', atMs));
    await due.worker.look();
    expect([await done(), await left()]).toMatchObject([[], [{ key: 'a', attempts: 1 }]]);
    await due.pass(60_000);
    expect([await done(), await left()]).toEqual([[{ name: carriedOut }], []]);
    await due.pass(600_000);
    expect(due.worker.state.failures).toBe(1);
  });

  test('one step that fails stops no other, and is tried again with growing pauses', async () => {
    const done: string[] = [];
    let tries = 0;
    const due = begin({
      [kind]: async (_tx, steps) => {
        for (const { key } of steps) if (key === 'bad' && ++tries < 9) throw new Error('no');
        done.push(...steps.map(({ key }) => key));
        return undefined;
      },
    });
    await write(row('a', due.nowMs - 3), row('bad', due.nowMs - 2), row('c', due.nowMs - 1));
    await due.worker.look();
    expect(done.sort()).toEqual(['a', 'c']);
    expect(await left()).toMatchObject([{ key: 'bad', attempts: 1 }]);
    const [first] = await left();
    expect(first?.atMs).toBe(due.nowMs + 1_000);
    await due.pass(600_000);
    expect(done.sort()).toEqual(['a', 'bad', 'c']);
  });

  test('of two workers each step is done by one', async () => {
    const { keys, handler } = recorder();
    const slow: DueHandler = async (tx, steps, nowMs) => {
      await sleep(5);
      return handler(tx, steps, nowMs);
    };
    const [one, other] = [begin({ [kind]: slow }), begin({ [kind]: slow })];
    const names = Array.from({ length: 300 }, (_, index) => `step-${index}`);
    await write(...names.map((key) => row(key, one.nowMs - 1_000)));
    await Promise.all([one.worker.look(), other.worker.look()]);
    while ((await left()).length > 0) await one.worker.look();
    expect(keys.sort()).toEqual(names.sort());
  });

  test('ten thousand steps that are due within a minute are done, and none of them twice', async () => {
    const { keys, handler } = recorder();
    const due = begin({ [kind]: handler });
    const rows = Array.from({ length: 10_000 }, (_, index) => row(`${index}`, due.nowMs + index * 6));
    for (let from = 0; from < rows.length; from += 1_000) await write(...rows.slice(from, from + 1_000));
    // As often as it looks when nobody wakes it.
    for (let second = 0; second <= 60; second++) {
      due.sleep(1_000);
      await due.worker.look();
    }
    expect([keys.length, new Set(keys).size, await left()]).toEqual([10_000, 10_000, []]);
    expect(Math.max(...due.late.map(([, ms]) => ms))).toBeLessThanOrEqual(1_000);
  }, 60_000);

  test('a step that finds another version of its alert does nothing', async () => {
    const due = begin();
    const { alerts } = await run.commit([seen('watch')], run.alwaysAlerting);
    const [alert] = alerts;
    if (!alert) throw new Error('no alert');
    const [waiting] = await left();
    await write(row(alert.id, due.nowMs, { version: alert.version + 1 }));
    await due.worker.look();
    expect((await findAlert(run.store.db, run.site, alert.id))?.condition).toBe('active');
    expect([waiting?.key, await left()]).toEqual([alert.id, []]);
    await settle(alert);
  });

  test('14: a cause that no event ends counts as over a while after its last event, also over a restart', async () => {
    const first = begin();
    const { alerts } = await run.commit([seen('watch')], run.alwaysAlerting);
    const id = alerts[0]?.id ?? '';
    first.end();
    const due = begin();
    await due.pass(clearsMs - 5_000);
    const later = new Date(Date.now() + 2_000).toISOString();
    await run.commit([seen('watch', later)], run.alwaysAlerting);
    due.told.length = 0;
    await due.pass(5_000);
    expect(due.toldOf(id)).toEqual([]);
    await due.pass(5_000);
    expect(due.toldOf(id)).toMatchObject([{ condition: 'cleared', state: 'open' }]);
    await settle(due.toldOf(id)[0]);
  });

  test('what a version before had in memory is written at the first start, once', async () => {
    const { alerts } = await run.commit([seen('watch')], run.alwaysAlerting);
    expect(await left()).toEqual([]);
    await write(row('', 0, { kind: 'alert.rebuild', version: 0 }));
    const due = begin();
    await due.worker.look();
    expect((await left()).map(({ key }) => key)).toContain(alerts[0]?.id);
    await due.pass(clearsMs + 5_000);
    const cleared = await findAlert(run.store.db, run.site, alerts[0]?.id ?? '');
    expect(cleared?.condition).toBe('cleared');
    expect((await left()).map(({ key }) => key)).not.toContain(cleared?.id);
    await settle(cleared);
  });

  test.each([
    ['two hours forward', 2 * 3_600_000],
    ['two hours back', -2 * 3_600_000],
    ['two minutes back', -120_000],
  ])('a clock that is set %s makes nothing early and nothing late', async (_how, stepMs) => {
    const { keys, handler } = recorder();
    const due = begin({ [kind]: handler });
    const waitMs = 600_000;
    const calendarMs = due.nowMs + waitMs;
    await write(row('elapsed', due.nowMs + waitMs, { waitMs }), row('calendar', calendarMs));
    await due.worker.look();
    due.sleep(60_000);
    due.set(stepMs);
    await due.worker.look();
    expect(keys).toEqual(stepMs > 0 ? ['calendar'] : []);
    await due.pass(waitMs - 61_000);
    expect(keys).not.toContain('elapsed');
    await due.pass(2_000);
    expect(keys).toContain('elapsed');
  });

  test('a clock that was wrong until it was set stalls nothing that an earlier run wrote', async () => {
    const { keys, handler } = recorder();
    const due = begin({ [kind]: handler });
    const waitMs = 600_000;
    const writtenMs = due.nowMs;
    // The battery of the clock is empty: the service begins in a year long past.
    due.set(-20 * 365 * 86_400_000);
    const { worker } = begin({ [kind]: handler });
    await write(row('before', writtenMs + waitMs, { waitMs }));
    await worker.look();
    due.set(20 * 365 * 86_400_000);
    due.sleep(waitMs + 1);
    await due.worker.look();
    expect(keys).toEqual(['before']);
    // And what lies further ahead than it ever was to wait is not waited for.
    await write(row('ahead', due.nowMs + 365 * 86_400_000, { waitMs }));
    const next = new DueWorker({
      ...{ db: run.store.db, changes: run.store.changes, logger: pino({ level: 'silent' }) },
      clocks: { wallMs: () => due.nowMs, monotonicMs: () => 0 },
    });
    next.handle(run.site, kind, handler);
    expect(await next.look()).toBe(due.nowMs + waitMs);
  });
}
