import { randomUUID } from 'node:crypto';
import { type Alert, severities } from '@watchpost/contracts/alert';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { clearCondition, openAlert } from '../alerts/alert-lifecycle.ts';
import { subjectOf } from '../alerts/alert-subject.ts';
import { takeOfficerStep } from '../alerts/officer-step.ts';
import { countAlerts, countMatches, listAlerts, positionOf } from '../store/alert-queue.ts';
import { saveAlerts, transitionsOf, updateAlert } from '../store/alert-store.ts';
import { newEpoch, type StoreRun } from './store-run.ts';
import { doorAlarm, forgedPass, smokeAlarm, testEvent } from './test-events.ts';

function only<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined || items.length !== 1) throw new Error(`expected one, found ${items.length}`);
  return item;
}

/** What every store does with alerts and their history. */
export function alertContract(run: StoreRun): void {
  test('an unresolved alert takes its group’s events in; after it is resolved the next opens another', async () => {
    const epoch = newEpoch();
    const first = await run.commit([
      run.incoming(doorAlarm({ epoch, seq: 1 })),
      run.incoming(doorAlarm({ epoch, seq: 2 })),
    ]);
    expect(first.alerts).toMatchObject([{ eventCount: 2, state: 'open' }]);
    const { id } = only(first.alerts);
    const reason = "'); drop table alert; --";
    const step = (to: 'acknowledged' | 'resolved') =>
      run.step(id, { to, disposition: 'genuine', reason }, "o'brien");
    await step('acknowledged');
    await step('resolved');
    const second = await run.commit([run.incoming(doorAlarm({ epoch, seq: 3 }))]);
    expect(second.alerts).toMatchObject([{ eventCount: 1, state: 'open' }]);
    expect(second.alerts[0]?.id).not.toBe(id);
    const history = await transitionsOf(run.store.db, run.site, id);
    expect(history.map(({ to }) => to)).toEqual(['open', 'acknowledged', 'resolved']);
    expect(history.at(-1)).toMatchObject({ actor: "o'brien", reason: "'); drop table alert; --" });
  });

  test('the database itself refuses a second unresolved alert of a group', async () => {
    const event = testEvent(smokeAlarm());
    const risk = {
      score: 85,
      factors: [{ name: 'severity_of_type' as const, points: 85, because: {} }],
      ruleSet: 't',
    };
    const make = () => openAlert(event, event.gateway, risk, randomUUID(), new Date().toISOString()).alert;
    const { groupKey } = subjectOf(event);
    const key = `${run.name} ${groupKey}`;
    const first = make();
    await saveAlerts(run.store.db, [{ alert: first, groupKey: key }]);
    await expect(saveAlerts(run.store.db, [{ alert: make(), groupKey: key }])).rejects.toThrow();
    await updateAlert(run.store.db, clearCondition(first, new Date().toISOString()));
  });

  test('a repeated step changes nothing and gets the first answer; its id serves no other step', async () => {
    const epoch = newEpoch();
    const { alerts } = await run.commit([run.incoming(forgedPass({ epoch, seq: 1, device: 'reader1' }))]);
    const { id } = only(alerts);
    const request = { id: randomUUID(), version: 1, to: 'acknowledged' as const };
    const [first, second] = await Promise.all(
      [1, 2].map(() => takeOfficerStep(run.store.changes, run.site, id, request, 'a', Date.now())),
    );
    expect([first?.changed, second?.changed].sort()).toEqual([false, true]);
    await run.step(id, { to: 'in_progress' }, 'a', Date.now() + 5);
    const late = await takeOfficerStep(run.store.changes, run.site, id, request, 'a', Date.now() + 10);
    expect(late.detail).toEqual(first?.detail);
    const other = { ...request, to: 'resolved' as const };
    await expect(
      takeOfficerStep(run.store.changes, run.site, id, other, 'a', Date.now()),
    ).rejects.toMatchObject({
      code: 'api.invalid',
    });
  });

  test('a repeated step gets the first answer even when the next step was in the same millisecond', async () => {
    const { alerts } = await run.commit([run.incoming(doorAlarm({ epoch: newEpoch() }))]);
    const { id, version } = only(alerts);
    const nowMs = Date.now();
    const take = (request: { id: string; version: number; to: 'acknowledged' | 'in_progress' }) =>
      takeOfficerStep(run.store.changes, run.site, id, request, 'a', nowMs);
    const request = { id: randomUUID(), version, to: 'acknowledged' as const };
    const first = await take(request);
    await take({ id: randomUUID(), version: version + 1, to: 'in_progress' });
    expect((await take(request)).detail).toEqual(first.detail);
  });

  test('an alarm that comes after its clearing opens a cleared alert, or leaves a cleared one cleared', async () => {
    const epoch = newEpoch();
    const startMs = Date.now() - 60_000;
    const at = (seconds: number) => new Date(startMs + seconds * 1000).toISOString();
    const data = { kind: 'water' as const };
    const alarm = (seq: number, seconds: number) =>
      run.incoming({ ...doorAlarm({ epoch, seq, time: at(seconds) }), data });
    const cleared = (seq: number, seconds: number, device = 'door1') =>
      run.incoming({ type: 'watchpost.sensor.cleared.v1', data, device, epoch, seq, time: at(seconds) });
    const conditions = async (...events: Parameters<typeof run.commit>[0]) =>
      (await run.commit(events)).alerts.map(({ condition, eventCount }) => [condition, eventCount]);
    // Another device's clearing says nothing.
    expect(await conditions(cleared(1, 10), cleared(2, 59, 'smoke1'))).toEqual([]);
    expect(await conditions(alarm(3, 5))).toEqual([['cleared', 1]]);
    expect(await conditions(alarm(4, 6))).toEqual([['cleared', 2]]);
    expect(await conditions(alarm(5, 20))).toEqual([['active', 3]]);
    expect(await conditions(alarm(6, 7))).toEqual([['active', 4]]);
    // Within one batch too.
    expect(await conditions(cleared(7, 40), alarm(8, 30))).toEqual([['cleared', 5]]);
    // Only a clearing ends it, not another alarm that was captured later.
    const { alerts } = await run.commit([alarm(9, 50)]);
    for (const to of ['acknowledged', 'resolved'] as const) {
      await run.step(only(alerts).id, { to, disposition: 'genuine' });
    }
    expect(await conditions(alarm(10, 45))).toEqual([['active', 1]]);
  });

  test('a camera that sees again clears the loss of its picture and not that of another', async () => {
    const epoch = newEpoch();
    const startMs = Date.now() - 60_000;
    const place = (seq: number, seconds: number, device: string) => ({
      device,
      epoch,
      seq,
      time: new Date(startMs + seconds * 1000).toISOString(),
    });
    const loss = (seq: number, seconds: number, device = 'smoke1') =>
      run.incoming({
        type: 'watchpost.tamper.video_loss.v1',
        data: { reason: 'frozen' },
        ...place(seq, seconds, device),
      });
    const back = (seq: number, seconds: number, kind: 'cover' | 'video_loss', device = 'smoke1') =>
      run.incoming({
        type: 'watchpost.tamper.cleared.v1',
        data: { kind, reason: 'frozen', durationMs: 1000 },
        ...place(seq, seconds, device),
      });
    const { alerts } = await run.commit([loss(1, 10)]);
    expect(only(alerts)).toMatchObject({ condition: 'active', details: { reason: 'frozen' } });
    expect((await run.commit([back(2, 20, 'cover'), back(3, 20, 'video_loss', 'door1')])).alerts).toEqual([]);
    expect(only((await run.commit([back(4, 20, 'video_loss')])).alerts).condition).toBe('cleared');
    // The loss may come after its clearing.
    expect(only((await run.commit([loss(5, 15)])).alerts).condition).toBe('cleared');
    expect(only((await run.commit([loss(6, 30)])).alerts).condition).toBe('active');
  });

  test('history is append-only', async () => {
    const attempts = [
      sql`update alert_change set actor = 'nobody'`,
      sql`delete from alert_change`,
      sql`truncate alert_change`,
    ];
    for (const attempt of attempts)
      await expect(attempt.execute(run.store.db)).rejects.toThrow('append-only');
  });

  test('pages of alerts cover all of them once: worst severity, highest score, opened first', async () => {
    const states = ['open', 'acknowledged', 'in_progress', 'resolved'] as const;
    const filter = { sites: [run.site], states, order: 'urgency' } as const;
    const all = await listAlerts(run.store.db, { ...filter, limit: 500 });
    const paged: Alert[] = [];
    for (;;) {
      const last = paged.at(-1);
      const after = last && positionOf(last, 'urgency');
      const page = await listAlerts(run.store.db, { ...filter, limit: 2, after });
      if (page.length === 0) break;
      paged.push(...page);
    }
    expect(paged).toEqual(all);
    expect(new Set(all.map(({ severity }) => severity)).size).toBeGreaterThan(1);
    const rank = ({ severity, risk, openedAt, id }: Alert) => [
      -severities.indexOf(severity),
      -risk.score,
      openedAt,
      id,
    ];
    const sorted = all.toSorted((left, right) => {
      const [a, b] = [rank(left), rank(right)];
      const at = a.findIndex((part, index) => part !== b[index]);
      return at < 0 ? 0 : (a[at] ?? 0) < (b[at] ?? 0) ? -1 : 1;
    });
    expect(all.map(({ id }) => id)).toEqual(sorted.map(({ id }) => id));
  });

  test('what is done can be read by when it was done, and filters narrow the list', async () => {
    const done = await listAlerts(run.store.db, {
      sites: [run.site],
      states: ['resolved', 'closed'],
      order: 'newest',
      limit: 500,
    });
    expect(done.length).toBeGreaterThan(0);
    expect(done.map(({ updatedAt }) => updatedAt)).toEqual(
      done
        .map(({ updatedAt }) => updatedAt)
        .sort()
        .reverse(),
    );
    const filter = { sites: [run.site], states: ['open'], severity: 'high', device: 'reader1' } as const;
    const some = await listAlerts(run.store.db, { ...filter, order: 'urgency', limit: 500 });
    for (const alert of some)
      expect(alert).toMatchObject({ severity: 'high', device: 'reader1', state: 'open' });
    expect(await countMatches(run.store.db, filter)).toBe(some.length);
  });

  test('counts are those of the list, by severity, by state and by device', async () => {
    const states = ['open', 'acknowledged', 'in_progress', 'resolved'] as const;
    const all = await listAlerts(run.store.db, { sites: [run.site], states, order: 'urgency', limit: 500 });
    const counts = await countAlerts(run.store.db, run.site);
    const of = (matches: (alert: Alert) => boolean) => all.filter(matches).length;
    for (const severity of severities) {
      expect(counts.bySeverity[severity]).toBe(of((alert) => alert.severity === severity));
      expect(counts.waiting[severity]).toBe(
        of((alert) => alert.severity === severity && alert.state === 'open'),
      );
    }
    for (const state of states) expect(counts.byState[state]).toBe(of((alert) => alert.state === state));
    const unresolved = all.filter(({ state }) => state !== 'resolved');
    expect(counts.devices.map(({ device }) => device)).toEqual(
      [...new Set(unresolved.map(({ device }) => device))].sort(),
    );
    for (const { device, alert, waiting } of counts.devices) {
      const here = unresolved.filter((entry) => entry.device === device);
      const untaken = here.find(({ state }) => state === 'open');
      expect([alert, waiting]).toEqual([(untaken ?? here[0])?.id, untaken?.severity ?? null]);
    }
  });
}
