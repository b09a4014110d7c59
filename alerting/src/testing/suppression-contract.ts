import type { Alert, Suppression } from '@watchpost/contracts/alert';
import { afterEach, expect, test } from 'vitest';
import { revise } from '../alerts/alert-revision.ts';
import { entriesOf } from '../alerts/change-entry.ts';
import { findAlert, lockAlert, updateAlert } from '../store/alert-store.ts';
import { suppress } from '../suppression/suppression.ts';
import { DueRun } from './due-run.ts';
import { NoticeRun } from './notice-run.ts';
import { newEpoch, type StoreRun } from './store-run.ts';
import { candidate } from './test-events.ts';

/** Shorter than after what the causes of these alerts count as over. */
const aMinuteMs = 60_000;

/** How every store keeps an alert quiet, whatever it is that does. */
export function suppressionContract(run: StoreRun): void {
  let ends: (() => unknown)[] = [];
  const opened: string[] = [];
  const begin = () => {
    const tell = new NoticeRun(run);
    const due = new DueRun(run);
    ends.push(
      () => due.end(),
      () => tell.end(),
    );
    return { tell, due };
  };
  const change = (id: string, of: (alert: Alert, now: string) => Alert, nowMs = Date.now()) =>
    run.store.changes.commit(async (tx, append) => {
      const alert = await lockAlert(tx, run.site, id);
      if (!alert) throw new Error('no alert');
      const after = of(alert, new Date(nowMs).toISOString());
      await updateAlert(tx, after);
      await append(entriesOf(alert, after, []));
    });
  const event = (entry: string) => {
    const sketch = candidate('watch', { epoch: newEpoch(), device: 'cam1' });
    return run.incoming({ ...sketch, data: { ...sketch.data, entry } } as typeof sketch);
  };
  const open = async (entry: string): Promise<string> => {
    const { alerts } = await run.commit([event(entry)], run.alwaysAlerting);
    const id = alerts[0]?.id ?? '';
    opened.push(id);
    return id;
  };
  const quiet = (ms: number | null, kind: Suppression['kind'] = 'silence'): Suppression => {
    const until = ms === null ? null : new Date(ms).toISOString();
    return { kind, ref: 'a-reason', until, by: 'someone' };
  };
  const held = async (id: string) =>
    (
      await run.store.db
        .selectFrom('suppression')
        .select(['kind', 'ended_by'])
        .where('alert', '=', id)
        .orderBy('kind')
        .execute()
    ).map(({ kind, ended_by }) => `${kind} ${ended_by}`);
  afterEach(async () => {
    for (const end of ends) await end();
    ends = [];
    const { db } = run.store;
    await db.deleteFrom('due').where('site', '=', run.site).execute();
    for (const id of opened.splice(0)) {
      const alert = await findAlert(db, run.site, id);
      if (alert?.state === 'open') await run.step(id, { to: 'acknowledged' });
      if (alert?.state === 'open' || alert?.state === 'acknowledged')
        await run.step(id, { to: 'resolved', disposition: 'test' });
      if (alert?.state !== 'closed') await run.step(id, { to: 'closed' });
    }
  });

  test('12: what is suppressed is not lost: it is counted, and at the end judged as new and told', async () => {
    const { tell, due } = begin();
    await tell.receiver('post');
    const endMs = Date.now() + aMinuteMs;
    const id = await open('kept-quiet');
    await change(id, (alert, now) => suppress(alert, quiet(endMs), now));
    await tell.send();
    await run.commit([event('kept-quiet')], run.alwaysAlerting);
    await tell.send();
    expect(tell.told('post')).toEqual([]);
    const alert = await findAlert(run.store.db, run.site, id);
    expect([alert?.state, alert?.eventCount, alert?.suppressions?.length]).toEqual(['open', 2, 1]);
    // As when no process was there at that time: the first look afterwards does it.
    due.sleep(aMinuteMs + 30_000);
    await due.worker.look();
    await tell.send();
    expect(tell.told('post')).toEqual([`opened ${id}`]);
    expect((await findAlert(run.store.db, run.site, id))?.suppressions).toBeUndefined();
    expect(await held(id)).toEqual(['silence time']);
  });

  test('what does not hold at the end, or is dealt with, is told to nobody', async () => {
    const { tell, due } = begin();
    await tell.receiver('post');
    const endMs = Date.now() + aMinuteMs;
    const over = await open('over');
    const taken = await open('taken');
    const [cleared, put] = [await open('cleared'), await open('put-off')];
    for (const id of [over, taken, cleared])
      await change(id, (alert, now) => suppress(alert, quiet(endMs), now));
    await change(put, (alert, now) => suppress(alert, quiet(endMs, 'snooze'), now));
    await change(cleared, (alert, now) => revise(alert, { condition: 'cleared' }, now));
    for (const id of [over, taken, put]) await run.step(id, { to: 'acknowledged' });
    await run.step(over, { to: 'resolved', disposition: 'test' });
    expect(await held(over)).toEqual(['silence resolved']);
    await due.pass(aMinuteMs + 30_000);
    await tell.send();
    // Who put it off himself hears of it all the same.
    expect(tell.told('post')).toEqual([`opened ${put}`]);
  });

  test('a rise in severity breaks what people decided, and nothing else', async () => {
    const { tell } = begin();
    await tell.receiver('post');
    const endMs = Date.now() + aMinuteMs;
    const [silenced, inhibited] = [await open('silenced'), await open('inhibited')];
    await change(silenced, (alert, now) => suppress(alert, quiet(endMs), now));
    await change(silenced, (alert, now) => suppress(alert, quiet(endMs, 'snooze'), now));
    await change(inhibited, (alert, now) => suppress(alert, quiet(null, 'inhibition'), now));
    await tell.send();
    for (const id of [silenced, inhibited])
      await change(id, (alert, now) => revise(alert, { severity: 'critical' }, now));
    await tell.send();
    expect(tell.told('post')).toEqual([`opened ${silenced}`]);
    expect(await held(silenced)).toEqual(['silence severity', 'snooze severity']);
    expect(await held(inhibited)).toEqual(['inhibition null']);
  });
}
