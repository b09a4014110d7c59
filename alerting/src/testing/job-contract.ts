import type { Alert } from '@watchpost/contracts';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Maintenance } from '../maintenance.ts';
import { transitionsOf } from '../store/alert-store.ts';
import { insertTelemetry } from '../store/event-store.ts';
import { newEpoch, type StoreRun } from './store-run.ts';
import { forgedPass, smokeAlarm } from './test-events.ts';

const dayMs = 86_400_000;

/** What the jobs that run by themselves do to every store. */
export function jobContract(run: StoreRun): void {
  const maintenance = (nowMs: () => number, closed: Alert[] = []) =>
    new Maintenance({
      store: run.store,
      site: run.site,
      logger: pino({ level: 'silent' }),
      nowMs,
      alertClosed: (alert) => closed.push(alert),
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
    await maintenance(() => resolvedMs + dayMs, closed).runOnce();
    expect(told()).toEqual([]);
    await maintenance(() => resolvedMs + dayMs + 1, closed).runOnce();
    expect(told()).toMatchObject([{ state: 'closed' }]);
    const last = (await transitionsOf(run.store.db, id)).at(-1);
    expect(last).toMatchObject({ from: 'resolved', to: 'closed', actor: 'system' });
    await maintenance(() => resolvedMs + dayMs + 1, closed).runOnce();
    expect(told()).toHaveLength(1);
  });

  test('what is older than its retention goes, the rest stays; a policy of the database does it itself', async () => {
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
    const isOurs = !run.store.capabilities.policies;
    expect(await run.storedSeqs(epoch)).toEqual(isOurs ? [2] : [1, 2]);
    expect(values.map(({ value }) => value)).toEqual(isOurs ? [29] : [29, 32]);
  });
}
