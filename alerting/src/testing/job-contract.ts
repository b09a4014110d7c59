import { randomUUID } from 'node:crypto';
import type { Alert } from '@watchpost/contracts/alert';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Maintenance } from '../jobs/maintenance.ts';
import { defaultPolicy } from '../policy.ts';
import { findAlert, transitionsOf } from '../store/alert-store.ts';
import { insertTelemetry } from '../store/telemetry-store.ts';
import { saveStatusChanges } from '../store/uptime-store.ts';
import { newEpoch, type StoreRun } from './store-run.ts';
import { candidate, forgedPass, smokeAlarm } from './test-events.ts';

const dayMs = 86_400_000;

/** What the jobs that run by themselves do to every store. */
export function jobContract(run: StoreRun): void {
  const maintenance = (nowMs: () => number) =>
    new Maintenance({
      store: run.store,
      sites: new Map([[run.site, defaultPolicy.keptDays]]),
      policy: defaultPolicy,
      logger: pino({ level: 'silent' }),
      nowMs,
    });

  test('a resolved alert closes itself a day later, not earlier, and the world is told', async () => {
    const sketch = forgedPass({ epoch: newEpoch(), device: 'reader1' });
    const data = { ...sketch.data, reason: 'malformed' as const };
    const { alerts } = await run.commit([run.incoming({ ...sketch, data })]);
    const id = alerts[0]?.id ?? '';
    const resolvedMs = Date.now();
    for (const to of ['acknowledged', 'resolved'] as const) {
      await run.step(id, { to }, 'officer', resolvedMs);
    }
    const closed: Alert[] = [];
    const told = () => closed.filter((alert) => alert.id === id);
    const unlisten = run.store.changes.listen((changes) => closed.push(...changes.map(({ alert }) => alert)));
    await maintenance(() => resolvedMs + dayMs).runOnce();
    expect(told()).toEqual([]);
    await maintenance(() => resolvedMs + dayMs + 1).runOnce();
    expect(told()).toMatchObject([{ state: 'closed' }]);
    const last = (await transitionsOf(run.store.db, run.site, id)).at(-1);
    expect(last).toMatchObject({ from: 'resolved', to: 'closed', actor: 'system' });
    await maintenance(() => resolvedMs + dayMs + 1).runOnce();
    expect(told()).toHaveLength(1);
    unlisten();
  });

  test('what is older than its retention goes, the rest stays, whatever the engine', async () => {
    const epoch = newEpoch();
    const nowMs = Date.now();
    const ago = (days: number) => new Date(nowMs - days * dayMs).toISOString();
    const metric = `kept-${run.name}`;
    await run.commit([
      run.incoming(smokeAlarm({ epoch, seq: 1, time: ago(402) })),
      run.incoming(smokeAlarm({ epoch, seq: 2, time: ago(399) })),
    ]);
    const reading = (days: number) => {
      const timeMs = nowMs - days * dayMs;
      return { device: 'smoke1', metric, unit: null, value: days, timeMs };
    };
    await insertTelemetry(run.store.db, run.site, 'edge1', [reading(32), reading(29)]);
    await maintenance(() => nowMs).runOnce();
    const values = await run.store.db
      .selectFrom('telemetry')
      .select('value')
      .where('metric', '=', metric)
      .orderBy('value')
      .execute();
    expect(await run.storedSeqs(epoch)).toEqual([2]);
    expect(values.map(({ value }) => value)).toEqual([29]);
  });

  test('of what a commit and a gateway leave beside the events nothing grows for ever; what still holds stays', async () => {
    const { db } = run.store;
    const nowMs = Date.now();
    const ago = (days: number) => new Date(nowMs - days * dayMs).toISOString();
    const [ended, current] = [newEpoch(), newEpoch()];
    await run.commit([run.incoming(smokeAlarm({ epoch: ended, seq: 1, time: ago(1_102) }))]);
    await run.commit([run.incoming(smokeAlarm({ epoch: current, seq: 1, time: ago(1_098) }))]);
    const site = run.site;
    await db
      .updateTable('gateway_epoch')
      .set({ last_seen: ago(401) })
      .where('site', '=', site)
      .where('epoch', '=', ended)
      .execute();
    await saveStatusChanges(db, site, [
      { device: 'smoke1', at: ago(900), status: 'up' },
      { device: 'smoke1', at: ago(500), status: 'down' },
      { device: 'smoke1', at: ago(399), status: 'up' },
      { device: 'cam1', at: ago(900), status: 'up' },
    ]);
    const left = async () => {
      const [status, hours, epochs, days] = await Promise.all([
        db.selectFrom('device_status').select(['device', 'at']).where('site', '=', site).execute(),
        db.selectFrom('event_hour').select('bucket').where('site', '=', site).execute(),
        db.selectFrom('gateway_epoch').select('epoch').where('site', '=', site).execute(),
        db.selectFrom('gateway_day').select('epoch').where('site', '=', site).execute(),
      ]);
      const old = (time: Date) => Math.round((nowMs - time.getTime()) / dayMs);
      return {
        status: status.map(({ device, at }) => `${device} ${old(at)}`).sort(),
        oldestHour: Math.max(...hours.map(({ bucket }) => old(bucket))),
        ofEnded: [...epochs, ...days].filter(({ epoch }) => epoch === ended).length,
        ofCurrent: [...epochs, ...days].filter(({ epoch }) => epoch === current).length,
      };
    };
    expect(await left()).toMatchObject({ oldestHour: 1_102, ofEnded: 2, ofCurrent: 2 });
    await maintenance(() => nowMs).runOnce();
    // What a device was when the time that is kept began is known by the newest row before it.
    expect(await left()).toEqual({
      status: ['cam1 900', 'smoke1 399', 'smoke1 500'],
      oldestHour: 1_098,
      ofEnded: 0,
      ofCurrent: 2,
    });
  });

  test('people who may pass are forgotten early, closed alerts with their history late, and nothing else', async () => {
    const epoch = newEpoch();
    const nowMs = Date.now();
    const ago = (days: number) => new Date(nowMs - days * dayMs).toISOString();
    const seen = (list: 'watch' | 'access', seq: number, days: number) =>
      run.incoming(candidate(list, { epoch, seq, time: ago(days), device: 'cam1' }));
    await run.commit([seen('access', 1, 31), seen('access', 2, 29), seen('watch', 3, 31)]);
    const data = { reason: 'not_yet_valid' as const, fingerprint: '0123456789abcdef' };
    const { alerts } = await run.commit([
      run.incoming(forgedPass({ epoch, seq: 4, device: 'reader1', data })),
    ]);
    const id = alerts[0]?.id ?? '';
    for (const to of ['acknowledged', 'resolved', 'closed'] as const) {
      await run.step(id, { to, disposition: 'test' }, 'officer', nowMs - 401 * dayMs);
    }
    await maintenance(() => nowMs).runOnce();
    expect(await run.storedSeqs(epoch)).toEqual([2, 3, 4]);
    expect(await findAlert(run.store.db, run.site, id)).toBeUndefined();
    expect(await transitionsOf(run.store.db, run.site, id)).toEqual([]);
    const epochs = run.store.db.selectFrom('gateway_epoch').select('epoch').where('epoch', '=', epoch);
    expect(await epochs.execute()).toHaveLength(1);
  });

  test('retention goes on a day later though the clock was set back meanwhile', async () => {
    let monotonicMs = 0;
    let wallMs = Date.now();
    const jobs = new Maintenance({
      store: run.store,
      sites: new Map([[run.site, defaultPolicy.keptDays]]),
      policy: defaultPolicy,
      logger: pino({ level: 'silent' }),
      nowMs: () => wallMs,
      monotonicMs: () => monotonicMs,
    });
    await jobs.runOnce();
    wallMs -= 400 * dayMs;
    monotonicMs += dayMs;
    const row = { id: randomUUID(), site: run.site, topic: 't', code: 'wire.schema', bytes: 0 };
    await run.store.db
      .insertInto('reject')
      .values({
        ...row,
        gateway: null,
        device: null,
        path: null,
        payload: new Uint8Array(),
        received_at: new Date(wallMs - (defaultPolicy.keptDays.rejects + 1) * dayMs).toISOString(),
      })
      .execute();
    await jobs.runOnce();
    const left = run.store.db.selectFrom('reject').select('id').where('id', '=', row.id);
    expect(await left.execute()).toEqual([]);
  });
}
