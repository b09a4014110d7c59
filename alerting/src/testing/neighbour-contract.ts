import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Maintenance } from '../jobs/maintenance.ts';
import { defaultPolicy } from '../policy.ts';
import { storeSite } from '../store/site-store.ts';
import { newEpoch, StoreRun } from './store-run.ts';
import { smokeAlarm } from './test-events.ts';

const dayMs = 86_400_000;

/** What a store does for two sites whose gateways, devices and positions are the same. */
export function neighbourContract(run: StoreRun): void {
  /** A neighbour in the same store. */
  const neighbourOf = async (): Promise<StoreRun> => {
    const neighbour = new StoreRun();
    await neighbour.open(async () => run.store);
    return neighbour;
  };
  const seqsOf = async (site: string, epoch: string) =>
    (
      await run.store.db
        .selectFrom('event')
        .select('seq')
        .where('site', '=', site)
        .where('epoch', '=', epoch)
        .orderBy('seq')
        .execute()
    ).map(({ seq }) => Number(seq));

  test('one position of two sites is two events, and a repeat of one is no copy of the other', async () => {
    const neighbour = await neighbourOf();
    const epoch = newEpoch();
    const time = new Date().toISOString();
    const sketch = () => smokeAlarm({ epoch, seq: 1, time, id: randomUUID() });
    const [mine, theirs] = [run.incoming(sketch()), neighbour.incoming(sketch())];
    await run.commit([mine]);
    const { receipts, alerts } = await neighbour.commit([theirs]);
    expect(receipts).toMatchObject([{ epoch, seq: 1 }]);
    expect(alerts.map(({ site }) => site)).toEqual([neighbour.site]);
    for (const [of, event] of [
      [run, mine],
      [neighbour, theirs],
    ] as const) {
      const again = await of.commit([event]);
      expect([again.fresh.repeats, again.fresh.rejects, again.receipts[0]?.seq]).toEqual([1, [], 1]);
      expect(await seqsOf(of.site, epoch)).toEqual([1]);
    }
  });

  test('each site keeps its data as long as it says, one that does not run any more too', async () => {
    const [short, gone] = [await neighbourOf(), await neighbourOf()];
    const epoch = newEpoch();
    const nowMs = Date.now();
    const old = { epoch, seq: 1, time: new Date(nowMs - 20 * dayMs).toISOString() };
    for (const of of [run, short, gone]) await of.commit([of.incoming(smokeAlarm(old))]);
    const tenDays = { ...defaultPolicy.keptDays, events: 10 };
    await storeSite(run.store.db, gone.directory.site, tenDays);
    const maintain = (sites: readonly (readonly [string, typeof tenDays])[]) =>
      new Maintenance({
        store: run.store,
        sites: new Map(sites),
        policy: defaultPolicy,
        logger: pino({ level: 'silent' }),
        nowMs: () => nowMs,
      }).runOnce();
    await maintain([
      [run.site, defaultPolicy.keptDays],
      [short.site, tenDays],
    ]);
    const left = await Promise.all([run, short, gone].map(({ site }) => seqsOf(site, epoch)));
    expect(left).toEqual([[1], [], []]);
  });
}
