import { randomUUID } from 'node:crypto';
import type { Alert } from '@watchpost/contracts/alert';
import type { SilenceMatch } from '@watchpost/contracts/api';
import { afterEach, expect, test } from 'vitest';
import { revise } from '../alerts/alert-revision.ts';
import { entriesOf } from '../alerts/change-entry.ts';
import { covers, type StoredSilence } from '../silences/silence.ts';
import { silenceRule } from '../silences/silence-rule.ts';
import { dueOf, SilenceWork } from '../silences/silence-work.ts';
import { countAlerts } from '../store/alert-queue.ts';
import { findAlert, lockAlert, updateAlert } from '../store/alert-store.ts';
import { writeDue } from '../store/due-store.ts';
import {
  countCovered,
  hiddenBy,
  insertSilence,
  openedCovered,
  updateSilence,
} from '../store/silence-store.ts';
import { DueRun } from './due-run.ts';
import { NoticeRun } from './notice-run.ts';
import { newEpoch, type StoreRun } from './store-run.ts';
import { candidate, doorAlarm, smokeAlarm } from './test-events.ts';

const minuteMs = 60_000;
const everything: SilenceMatch = {
  ...{ zones: null, devices: null, kinds: null, highest: 'critical', danger: false },
};

/** How every store keeps alerts quiet that people want to hear nothing of. */
export function silenceContract(run: StoreRun): void {
  let ends: (() => unknown)[] = [];
  const begin = async () => {
    await closeAll();
    const tell = new NoticeRun(run);
    const work = new SilenceWork({ site: run.site });
    const due = new DueRun(run, [], work.handlers);
    const rule = run.store.changes.judge(silenceRule({ site: run.site, nowMs: () => due.nowMs }));
    ends.push(
      rule,
      () => due.end(),
      () => tell.end(),
    );
    return { tell, due };
  };
  /** What other claims left open would be silenced too. */
  const closeAll = async () => {
    const { db } = run.store;
    const open = await db
      .selectFrom('alert')
      .select(['id', 'state'])
      .where('site', '=', run.site)
      .where('state', '<>', 'closed')
      .execute();
    for (const { id, state } of open) {
      if (state === 'open') await run.step(id, { to: 'acknowledged' });
      if (state !== 'resolved') await run.step(id, { to: 'resolved', disposition: 'test' });
      await run.step(id, { to: 'closed' });
    }
  };
  afterEach(async () => {
    if (ends.length === 0) return;
    for (const end of ends) await end();
    ends = [];
    const { db } = run.store;
    await db.deleteFrom('silence').where('site', '=', run.site).execute();
    await db.deleteFrom('due').where('site', '=', run.site).execute();
  });
  const silence = async (due: DueRun, changed: Partial<StoredSilence> = {}): Promise<StoredSilence> => {
    const iso = (ms: number) => new Date(ms).toISOString();
    const made: StoredSilence = {
      ...{ site: run.site, id: randomUUID(), version: 1, purpose: 'quiet', match: everything, hours: null },
      ...{ timeZone: 'UTC', reason: 'works in the yard', signed: null, ended: null },
      ...{ from: iso(due.nowMs), until: iso(due.nowMs + 2 * minuteMs) },
      made: { at: iso(due.nowMs), by: 'anna', account: randomUUID() },
      ...changed,
    };
    await run.store.db.transaction().execute(async (tx) => {
      await insertSilence(tx, made);
      await writeDue(tx, dueOf(made, due.nowMs));
    });
    return made;
  };
  const seen = (entry: string) => {
    const sketch = candidate('watch', { epoch: newEpoch(), device: 'cam1' });
    return run.incoming({ ...sketch, data: { ...sketch.data, entry } } as typeof sketch);
  };
  const open = async (event: ReturnType<typeof run.incoming>): Promise<string> =>
    (await run.commit([event], run.alwaysAlerting)).alerts[0]?.id ?? '';
  const find = async (id: string): Promise<Alert> => {
    const alert = await findAlert(run.store.db, run.site, id);
    if (!alert) throw new Error('no alert');
    return alert;
  };

  test('11: a silenced alert exists, counts and is marked; the silence shows what it hides', async () => {
    const { tell, due } = await begin();
    await tell.receiver('post');
    const before = await open(seen('before'));
    await tell.send();
    const { id: ref } = await silence(due);
    await due.worker.look();
    const during = await open(seen('during'));
    await tell.send();
    expect(tell.told('post')).toEqual([`opened ${before}`]);
    for (const id of [before, during])
      expect((await find(id)).suppressions).toMatchObject([{ kind: 'silence', ref, by: 'anna' }]);
    const { byState, waiting } = await countAlerts(run.store.db, run.site);
    expect([byState.open, Object.values(waiting)]).toEqual([2, [0, 0, 0, 0]]);
    expect((await hiddenBy(run.store.db, run.site, [ref])).get(ref)).toEqual({ hides: 2, hid: 2 });
  });

  test('12: at the end of a silence every active alert is judged as new and told, also after nobody was there', async () => {
    const { tell, due } = await begin();
    await tell.receiver('post');
    const { id: ref } = await silence(due);
    await due.worker.look();
    const id = await open(seen('active'));
    due.sleep(5 * minuteMs);
    await due.worker.look();
    await tell.send();
    expect(tell.told('post')).toEqual([`opened ${id}`]);
    expect((await hiddenBy(run.store.db, run.site, [ref])).get(ref)).toEqual({ hides: 0, hid: 1 });
  });

  test('one that is ended early tells at once, and one that is extended goes on', async () => {
    const { tell, due } = await begin();
    await tell.receiver('post');
    const first = await silence(due);
    await due.worker.look();
    const id = await open(seen('early'));
    const change = async (parts: Partial<StoredSilence>) => {
      const after = { ...first, version: first.version + 1, ...parts };
      await updateSilence(run.store.db, after);
      await writeDue(run.store.db, dueOf(after, due.nowMs));
    };
    await change({ until: new Date(due.nowMs + 4 * minuteMs).toISOString() });
    await due.pass(3 * minuteMs);
    await tell.send();
    expect([tell.told('post'), (await find(id)).suppressions?.length]).toEqual([[], 1]);
    const at = new Date(due.nowMs).toISOString();
    await change({ version: 3, ended: { at, by: 'anna', account: '', reason: 'done' } });
    await due.worker.look();
    await tell.send();
    expect(tell.told('post')).toEqual([`opened ${id}`]);
  });

  test('danger to life is never covered, unless somebody else has signed that', async () => {
    const { tell, due } = await begin();
    await tell.receiver('post');
    const made = await silence(due, { match: { ...everything, danger: true } });
    await due.worker.look();
    const smoke = await open(run.incoming(smokeAlarm({ epoch: newEpoch() })));
    await tell.send();
    expect([tell.told('post'), (await find(smoke)).suppressions]).toEqual([[`opened ${smoke}`], undefined]);
    const signed = { at: new Date(due.nowMs).toISOString(), by: 'bert', account: randomUUID() };
    const after = { ...made, version: 2, signed };
    await updateSilence(run.store.db, after);
    await writeDue(run.store.db, dueOf(after, due.nowMs));
    await due.worker.look();
    expect((await find(smoke)).suppressions?.length).toBe(1);
  });

  test('a rise in severity breaks a silence, and it hides the alert no more', async () => {
    const { tell, due } = await begin();
    await tell.receiver('post');
    const made = await silence(due);
    await due.worker.look();
    const id = await open(seen('rises'));
    await run.store.changes.commit(async (tx, append) => {
      const alert = await lockAlert(tx, run.site, id);
      if (!alert) throw new Error('no alert');
      const severity = alert.severity === 'critical' ? 'high' : 'critical';
      const now = new Date(due.nowMs).toISOString();
      const risen = revise(alert, { severity }, now);
      await updateAlert(tx, risen);
      await append(entriesOf({ ...alert, severity: 'low' }, risen, []));
    });
    await tell.send();
    expect(tell.told('post')).toEqual([`opened ${id}`]);
    await writeDue(run.store.db, dueOf(made, due.nowMs));
    await due.worker.look();
    expect((await find(id)).suppressions).toBeUndefined();
  });

  test('a walk test closes what it opened as a test, and what holds beyond it is none', async () => {
    const { tell, due } = await begin();
    await tell.receiver('post');
    const before = await open(seen('was-there'));
    await silence(due, { purpose: 'walk_test' });
    await due.worker.look();
    const [over, holds] = [
      await open(seen('walked-by')),
      await open(run.incoming(doorAlarm({ epoch: newEpoch() }))),
    ];
    expect((await find(over)).disposition).toBe('test');
    await run.store.changes.commit(async (tx, append) => {
      const alert = await lockAlert(tx, run.site, over);
      if (!alert) throw new Error('no alert');
      const cleared = revise(alert, { condition: 'cleared' }, new Date(due.nowMs).toISOString());
      await updateAlert(tx, cleared);
      await append(entriesOf(alert, cleared, []));
    });
    await due.pass(3 * minuteMs);
    await tell.send();
    const [first, walked, door] = [await find(before), await find(over), await find(holds)];
    expect([first.state, first.disposition]).toEqual(['open', null]);
    expect([walked.state, walked.disposition]).toEqual(['closed', 'test']);
    expect([door.state, door.disposition, door.suppressions]).toEqual(['open', null, undefined]);
    expect(tell.told('post').sort()).toEqual([`opened ${before}`, `opened ${holds}`].sort());
    const { rows } = {
      rows: await run.store.db
        .selectFrom('incident_member')
        .select('alert')
        .where('alert', '=', over)
        .execute(),
    };
    expect(rows.length).toBe(1);
  });

  test('what is covered is the same for the database and for an alert alone', async () => {
    await begin();
    const alerts = [
      await find(await open(seen('one'))),
      await find(await open(run.incoming(smokeAlarm({ epoch: newEpoch() })))),
      await find(await open(run.incoming(doorAlarm({ epoch: newEpoch() })))),
    ];
    const [first, , door] = alerts;
    const matches: SilenceMatch[] = [
      everything,
      { ...everything, danger: true },
      { ...everything, highest: 'medium' },
      { ...everything, zones: first ? [first.zone] : null },
      { ...everything, devices: door ? [door.device] : null },
      { ...everything, kinds: ['watchpost.sensor.alarm.v1/door'] },
      { ...everything, kinds: ['watchpost.sensor.alarm.v1'], danger: true },
    ];
    const since = new Date(Date.now() - 60 * minuteMs).toISOString();
    for (const match of matches) {
      const expected = alerts.filter((alert) => covers(match, alert)).length;
      expect(await countCovered(run.store.db, run.site, match)).toBe(expected);
      const opened = await openedCovered(run.store.db, run.site, match, since, 100);
      expect(opened.filter(({ danger }) => match.danger || !danger).length).toBeGreaterThanOrEqual(expected);
    }
    expect(await countCovered(run.store.db, run.site, { ...everything, danger: true })).toBe(3);
  });
}
