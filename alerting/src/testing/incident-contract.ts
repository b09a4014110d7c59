import type { Alert } from '@watchpost/contracts/alert';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { revise } from '../alerts/alert-revision.ts';
import { entriesOf } from '../alerts/change-entry.ts';
import { IncidentBook } from '../incidents/incident-book.ts';
import type { IncidentChange } from '../incidents/incident-change.ts';
import { defaultPolicy } from '../policy.ts';
import { lockAlert, updateAlert } from '../store/alert-store.ts';
import { findIncidentWithAlerts } from '../store/incident-store.ts';
import { newEpoch, type StoreRun } from './store-run.ts';
import { candidate, smokeAlarm } from './test-events.ts';

/** How every store keeps incidents. */
export function incidentContract(run: StoreRun): void {
  const told: IncidentChange[] = [];
  let end = () => undefined as unknown;
  let nowMs = Date.now();
  const begin = () => {
    const book = new IncidentBook({
      ...{ directory: run.directory, policy: defaultPolicy.incidents, nowMs: () => nowMs },
    });
    book.also(async (_tx, changes) => {
      told.push(...changes);
      return undefined;
    });
    end = run.store.changes.also(book.write);
  };
  afterEach(() => {
    end();
    told.length = 0;
  });
  const event = (entry: string) => {
    const sketch = candidate('watch', { epoch: newEpoch(), device: 'cam1' });
    return run.incoming({ ...sketch, data: { ...sketch.data, entry } } as typeof sketch);
  };
  const open = async (entry: string): Promise<string> =>
    (await run.commit([event(entry)], run.alwaysAlerting)).alerts[0]?.id ?? '';
  const change = (id: string, parts: Partial<Alert>, fails = false) =>
    run.store.changes.commit(async (tx, append) => {
      const alert = await lockAlert(tx, run.site, id);
      if (!alert) throw new Error('no alert');
      const after = revise(alert, parts, new Date().toISOString());
      await updateAlert(tx, after);
      await append(entriesOf(alert, after, []));
      if (fails) throw new Error('taken back');
    });
  const incident = (id: string) => findIncidentWithAlerts(run.store.db, run.site, id, 10);
  const kinds = () => told.map(({ kind, after }) => `${kind} ${after.state} ${after.severity}`);

  test('an alert has an incident from its opening on, which follows it to its end and back', async () => {
    begin();
    const id = await open('incident');
    expect(await incident(id)).toMatchObject({
      incident: { version: 1, state: 'open', concern: 'candidate', zones: ['gate'], alerts: 1 },
      alerts: [{ id }],
    });
    await change(id, { severity: 'critical' });
    await run.step(id, { to: 'acknowledged' });
    await run.step(id, { to: 'resolved', disposition: 'test' });
    await run.step(id, { to: 'closed' });
    expect((await incident(id))?.incident).toMatchObject({ state: 'over', version: 5 });
    await run.step(id, { to: 'open' });
    expect((await incident(id))?.incident).toMatchObject({ state: 'open', closedAt: null });
    const [first] = kinds();
    expect(kinds()).toEqual([
      first,
      'rose open critical',
      'acknowledged acknowledged critical',
      'cleared over critical',
      'changed over critical',
      'returned open critical',
    ]);
    expect(first).toMatch(/^opened open /);
  });

  test('further events and notes change no incident, and what is taken back has not happened', async () => {
    begin();
    const id = await open('quiet');
    const before = await incident(id);
    for (let round = 0; round < 3; round++) await run.commit([event('quiet')], run.alwaysAlerting);
    await run.step(id, { reason: 'a note' });
    expect(told).toHaveLength(1);
    await expect(change(id, { severity: 'critical' }, true)).rejects.toThrow('taken back');
    expect((await incident(id))?.incident).toEqual(before?.incident);
  });

  test('an alert that has none gets one with its next change, as if it had had it all along', async () => {
    const id = await open('without');
    begin();
    await run.commit([event('without')], run.alwaysAlerting);
    expect(await incident(id)).toBeUndefined();
    await run.step(id, { to: 'acknowledged' });
    expect(told).toMatchObject([
      { kind: 'acknowledged', before: { id, state: 'open' }, after: { id, state: 'acknowledged' } },
    ]);
  });

  /** What others left open of these kinds is done with, so that nothing joins it. */
  const standAlone = async () => {
    const { rows } = await sql<{
      id: string;
      state: string;
    }>`select id, state from alert where site = ${run.site}
      and (kind like '%/gas' or kind like '%/motion') and state in ('open', 'acknowledged', 'in_progress')`.execute(
      run.store.db,
    );
    for (const { id, state } of rows)
      for (const to of ['acknowledged', 'resolved'] as const)
        if (to === 'resolved' || state === 'open') await run.step(id, { to, disposition: 'test' });
  };
  const sketch = (device: string, kind: 'gas' | 'motion') =>
    smokeAlarm({ epoch: newEpoch(), device, time: new Date(nowMs).toISOString(), data: { kind } as never });
  const alarm = async (device: string, kind: 'gas' | 'motion' = 'gas') =>
    (await run.commit([run.incoming(sketch(device, kind), nowMs)], run.alwaysAlerting)).alerts[0]?.id ?? '';

  test('2: several devices, one happening, one incident; another concern is another one', async () => {
    await standAlone();
    begin();
    nowMs += 3_600_000;
    const first = await alarm('smoke1');
    const second = await alarm('temp2');
    const door = await alarm('door1', 'motion');
    const found = await incident(first);
    expect(found?.incident).toMatchObject({ alerts: 2, concern: 'fire', version: 2 });
    expect(found?.alerts.map(({ id }) => id).toSorted()).toEqual([first, second].toSorted());
    expect(await incident(second)).toBeUndefined();
    expect((await incident(door))?.incident).toMatchObject({ alerts: 1, concern: 'intrusion' });
    // What corroborates is graver.
    expect(told.map(({ kind, after }) => `${kind} ${after.id}`)).toEqual([
      `opened ${first}`,
      expect.stringMatching(`^(updated|rose) ${first}$`),
      `opened ${door}`,
    ]);
    for (const id of [first, second]) {
      await run.step(id, { to: 'acknowledged' });
      await run.step(id, { to: 'resolved', disposition: 'test' });
      expect((await incident(first))?.incident.state).toBe(id === first ? 'open' : 'over');
    }
    for (const to of ['acknowledged', 'resolved'] as const) await run.step(door, { to, disposition: 'test' });
  });

  test('an alert joins no incident that is over, or that has been still for longer than the window', async () => {
    await standAlone();
    begin();
    nowMs += 3_600_000;
    const first = await alarm('smoke1');
    const { windowMs } = defaultPolicy.incidents;
    nowMs += windowMs + 1;
    const later = await alarm('temp2');
    expect((await incident(later))?.incident).toMatchObject({ alerts: 1 });
    for (const id of [first, later])
      for (const to of ['acknowledged', 'resolved'] as const) await run.step(id, { to, disposition: 'test' });
    const after = await alarm('smoke1');
    expect((await incident(after))?.incident).toMatchObject({ id: after, alerts: 1, state: 'open' });
    for (const to of ['acknowledged', 'resolved'] as const)
      await run.step(after, { to, disposition: 'test' });
  });

  test('alerts that open in one commit, or at the same time in several, are one incident', async () => {
    await standAlone();
    begin();
    nowMs += 3_600_000;
    const event = (device: string) => run.incoming(sketch(device, 'gas'), nowMs);
    const { alerts } = await run.commit([event('smoke1'), event('temp2')], run.alwaysAlerting);
    const others = await Promise.all(
      ['door1', 'cam1'].map((device) => run.commit([event(device)], run.alwaysAlerting)),
    );
    const ids = [...alerts, ...others.flatMap((one) => one.alerts)].map(({ id }) => id);
    const counts = await Promise.all(ids.map(async (id) => (await incident(id))?.incident.alerts ?? 0));
    // The camera is at the gate.
    expect(counts.toSorted()).toEqual([0, 0, 1, 3]);
    for (const id of ids)
      for (const to of ['acknowledged', 'resolved'] as const) await run.step(id, { to, disposition: 'test' });
  });
}
