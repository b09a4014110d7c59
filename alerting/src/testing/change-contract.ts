import { sql } from 'kysely';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Maintenance } from '../jobs/maintenance.ts';
import { defaultPolicy } from '../policy.ts';
import { relayOffset } from '../store/relay-offsets.ts';
import { newEpoch, type StoreRun } from './store-run.ts';
import { doorAlarm } from './test-events.ts';

const dayMs = 86_400_000;

/** What every store does with the log of what happens to alerts. */
export function changeContract(run: StoreRun): void {
  const rowsOf = (alert: string) =>
    run.store.db
      .selectFrom('alert_change')
      .selectAll()
      .where('alert', '=', alert)
      .orderBy('position')
      .execute();
  const sound = (epoch: string, from: number, count: number) =>
    Array.from({ length: count }, (_, index) =>
      run.incoming({
        ...doorAlarm({ epoch, seq: from + index, device: 'temp2' }),
        data: { kind: 'water' as const },
      }),
    );
  const cleared = (epoch: string, seq: number) =>
    run.incoming({
      ...{ type: 'watchpost.sensor.cleared.v1' as const, device: 'temp2', data: { kind: 'water' as const } },
      ...{ epoch, seq },
    });

  test('the log has one row for each alert of a batch, each step with who took it, and the alert as it was then', async () => {
    const epoch = newEpoch();
    const opened = await run.commit(sound(epoch, 1, 5), run.alwaysAlerting);
    const id = opened.alerts[0]?.id ?? '';
    await run.commit(sound(epoch, 6, 20), run.alwaysAlerting);
    await run.step(id, { to: 'acknowledged', reason: 'on my way' }, 'anna');
    await run.commit([cleared(epoch, 26)]);
    const rows = await rowsOf(id);
    expect(
      rows.map(({ what, version, to_state, actor, snapshot }) => ({
        ...{ what, version, to_state, actor },
        seen: [snapshot?.version, snapshot?.eventCount, snapshot?.condition],
      })),
    ).toEqual([
      { what: 'opened', version: 5, to_state: 'open', actor: 'system', seen: [5, 5, 'active'] },
      { what: 'joined', version: 25, to_state: null, actor: null, seen: [25, 25, 'active'] },
      { what: 'step', version: 26, to_state: 'acknowledged', actor: 'anna', seen: [26, 25, 'active'] },
      { what: 'cleared', version: 27, to_state: null, actor: null, seen: [27, 25, 'cleared'] },
    ]);
    expect(rows[3]?.snapshot).toEqual(
      (await run.commit([cleared(epoch, 26)])).alerts[0] ?? rows[3]?.snapshot,
    );
    for (const to of ['resolved', 'closed'] as const) await run.step(id, { to, disposition: 'test' });
  });

  test('who follows the log is told what a commit wrote, and nothing of one that was taken back', async () => {
    const told: number[] = [];
    const unlisten = run.store.changes.listen((changes) => told.push(...changes.map((one) => one.position)));
    const epoch = newEpoch();
    const { alerts } = await run.commit(sound(epoch, 1, 1), run.alwaysAlerting);
    const id = alerts[0]?.id ?? '';
    expect(told).toEqual((await rowsOf(id)).map(({ position }) => Number(position)));
    const broken = run.store.changes.commit(async (_tx, append) => {
      await append(alerts.map((alert) => ({ what: 'joined', alert })));
      throw new Error('taken back');
    });
    await expect(broken).rejects.toThrow('taken back');
    expect(told).toHaveLength(1);
    expect(await rowsOf(id)).toHaveLength(1);
    await run.commit(sound(epoch, 2, 1), run.alwaysAlerting);
    expect(told).toHaveLength(2);
    expect(await run.store.changes.head()).toBe(told[1]);
    expect(
      (await run.store.changes.page(run.site, told[0] ?? 0, 10)).changes.map(({ alert }) => alert.version),
    ).toEqual([2]);
    unlisten();
    for (const to of ['acknowledged', 'resolved', 'closed'] as const)
      await run.step(id, { to, disposition: 'test' });
  });

  test('the newest row of every alert is the alert as it is: nothing changes one past the log', async () => {
    const { rows } = await sql<{ id: string; version: number; logged: number | null }>`
      select id, version, (select version from alert_change where alert_change.alert = alert.id
        order by position desc limit 1) as logged
      from alert where site = ${run.site} and exists (select from event where event.alert = alert.id)`.execute(
      run.store.db,
    );
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter(({ version, logged }) => version !== logged)).toEqual([]);
  });

  test('what was no step goes after a day and is known to be gone; steps stay', async () => {
    const nowMs = Date.now();
    const maintain = (atMs: number) =>
      new Maintenance({
        store: run.store,
        sites: new Map([[run.site, defaultPolicy.keptDays]]),
        policy: defaultPolicy,
        logger: pino({ level: 'silent' }),
        nowMs: () => atMs,
      }).runOnce();
    const epoch = newEpoch();
    const { alerts } = await run.commit(sound(epoch, 1, 1), run.alwaysAlerting);
    await run.commit(sound(epoch, 2, 2), run.alwaysAlerting);
    const id = alerts[0]?.id ?? '';
    const joined = Number((await rowsOf(id))[1]?.position);
    await run.step(id, { to: 'acknowledged' });
    await maintain(nowMs + dayMs - 10_000);
    expect((await rowsOf(id)).map(({ what }) => what)).toEqual(['opened', 'joined', 'step']);
    expect((await relayOffset(run.store.db, run.site, 'retention')) ?? 0).toBeLessThan(joined);
    await maintain(Date.now() + dayMs);
    expect((await rowsOf(id)).map(({ what }) => what)).toEqual(['opened', 'step']);
    expect(await relayOffset(run.store.db, run.site, 'retention')).toBe(joined);
    for (const to of ['resolved', 'closed'] as const) await run.step(id, { to, disposition: 'test' });
  });
}
