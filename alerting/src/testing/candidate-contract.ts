import { randomUUID } from 'node:crypto';
import type { Alert } from '@watchpost/contracts/alert';
import type { GatewayStatus } from '@watchpost/contracts/api';
import { sql } from 'kysely';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Candidates } from '../candidates/candidates.ts';
import { ExpectationRecorder } from '../candidates/expectation-recorder.ts';
import { thresholdReport } from '../candidates/threshold-report.ts';
import type { Person } from '../governance/person.ts';
import { Maintenance } from '../jobs/maintenance.ts';
import { defaultPolicy } from '../policy.ts';
import { addCandidateCounts, addExpected, expectedSums } from '../store/candidate-store.ts';
import { newEpoch, type StoreRun } from './store-run.ts';
import { candidate, forgedPass } from './test-events.ts';

const who: Person = { account: randomUUID(), name: 'anna', sites: [] };

/** What candidates and their answers leave in every store. */
export function candidateContract(run: StoreRun): void {
  const candidates = () =>
    new Candidates({
      ...{ db: run.store.db, changes: run.store.changes, nowMs: Date.now, gateways: () => [] },
      photos: { viewOf: () => Promise.reject(new Error('no photos here')) },
    });
  /** A face that looks like an entry that nobody else looks like. */
  const face = async (entry: string, cosine = 0.45): Promise<Alert> => {
    const { data } = candidate('watch');
    const seen = candidate('watch', { data: { ...data, entry: entry as typeof data.entry, cosine } });
    const { alerts } = await run.commit([run.incoming({ ...seen, epoch: newEpoch() })], run.alwaysAlerting);
    if (!alerts[0]) throw new Error('no alert');
    return alerts[0];
  };
  const say = ({ id, version }: Alert, answer: 'confirmed' | 'refused', request: string = randomUUID()) =>
    candidates().answer(who, { site: run.site, id }, { id: request, version, answer, note: 'looked' });
  const report = async () => {
    const zoneOf = (_site: string, device: string) => run.directory.device(device)?.zone;
    const asked = { sites: [run.site], within: {}, days: 30, nowMs: Date.now(), zoneOf };
    const { rows } = await thresholdReport(run.store.db, asked);
    return rows.find(({ device, list }) => device === 'cam1' && list === 'watch');
  };
  const counted = async () => {
    const { shown = 0, confirmed = 0, refused = 0 } = (await report()) ?? {};
    return { shown, confirmed, refused };
  };
  const plus = (
    before: Awaited<ReturnType<typeof counted>>,
    [shown, confirmed, refused]: readonly number[],
  ) => ({
    shown: before.shown + (shown ?? 0),
    confirmed: before.confirmed + (confirmed ?? 0),
    refused: before.refused + (refused ?? 0),
  });

  const newMaintenance = () =>
    new Maintenance({
      store: run.store,
      sites: new Map([[run.site, defaultPolicy.keptDays]]),
      policy: defaultPolicy,
      logger: pino({ level: 'silent' }),
      nowMs: Date.now,
    });

  test('shown, confirmed and refused candidates are counted by similarity; taken back, they count no more', async () => {
    const before = await counted();
    const strong = ((await report())?.bands.find(({ band }) => band === 'strong') ?? { shown: 0 }).shown;
    const [first, second] = [await face('count-1'), await face('count-2', 0.7)];
    expect(await counted()).toEqual(plus(before, [2, 0, 0]));
    const { alert: refused } = await say(first, 'refused');
    expect(refused).toMatchObject({ state: 'resolved', disposition: 'false', resolvedBy: 'anna' });
    const { alert: confirmed } = await say(second, 'confirmed');
    expect(confirmed).toMatchObject({
      state: 'acknowledged',
      disposition: 'genuine',
      acknowledgedBy: 'anna',
    });
    expect(await counted()).toEqual(plus(before, [2, 1, 1]));
    expect((await report())?.bands.find(({ band }) => band === 'strong')?.shown).toBe(strong + 1);
    await run.step(first.id, { to: 'open' });
    expect(await counted()).toEqual(plus(before, [2, 1, 0]));
  });

  test('the other way to resolve a candidate counts the same', async () => {
    const before = await counted();
    const alert = await face('count-3');
    await run.step(alert.id, { to: 'acknowledged' });
    await run.step(alert.id, { to: 'resolved', disposition: 'nuisance' });
    expect(await counted()).toEqual(plus(before, [1, 0, 1]));
    await run.step(alert.id, { disposition: 'test' });
    expect(await counted()).toEqual(plus(before, [1, 0, 0]));
  });

  test('an answer is given once, to what was seen, and audited without saying for whom somebody was taken', async () => {
    const alert = await face('once-1');
    const request = randomUUID();
    const first = await say(alert, 'refused', request);
    expect(await say(alert, 'refused', request)).toEqual(first);
    expect((await say(alert, 'refused')).alert.version).toBe(first.alert.version);
    await expect(say(alert, 'confirmed')).rejects.toMatchObject({ code: 'alert.stale' });
    await expect(say(first.alert, 'confirmed')).rejects.toMatchObject({ code: 'alert.transition' });
    await expect(say(first.alert, 'confirmed', request)).rejects.toMatchObject({ code: 'api.invalid' });
    const { rows } = await sql<{ text: string }>`select audit::text as text from audit
      where action = 'candidate_answered' and subject ->> 'id' = ${alert.id}`.execute(run.store.db);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.text).not.toContain('once-1');
  });

  test('another alert has no candidate to answer', async () => {
    const { alerts } = await run.commit([run.incoming({ ...forgedPass(), epoch: newEpoch() })]);
    await expect(say(alerts[0] as Alert, 'refused')).rejects.toMatchObject({ code: 'api.not_found' });
  });

  test('refusals lower no trust in what else the device says', async () => {
    const pass = async () => {
      const data = { reason: 'malformed' as const, fingerprint: '0123456789abcdef' };
      const sketch = { ...forgedPass({ data }), epoch: newEpoch() };
      const { alerts } = await run.commit([run.incoming(sketch)], run.alwaysAlerting);
      const [alert] = alerts;
      for (const to of ['acknowledged', 'resolved'] as const)
        await run.step(alert?.id ?? '', { to, disposition: 'test' });
      return alert?.risk.factors.find(({ name }) => name === 'device_trust')?.points ?? 0;
    };
    const before = await pass();
    for (let turn = 0; turn < 6; turn += 1) await say(await face(`trust-${turn}`), 'refused');
    expect(await pass()).toBe(before);
  });

  test('once it is closed nothing says for whom a refused face was taken; a confirmed one is kept', async () => {
    const { db } = run.store;
    const entries = ['taken-for-1', 'taken-for-2'] as const;
    const [refused, confirmed] = [await face(entries[0]), await face(entries[1])];
    await say(refused, 'refused');
    await say(confirmed, 'confirmed');
    await run.step(confirmed.id, { to: 'resolved' });
    const maintenance = newMaintenance();
    const holding = async (entry: string) => {
      const { rows } = await sql<{ place: string }>`
        select 'alert' as place from alert where alert::text like ${`%${entry}%`}
        union select 'alert_change' from alert_change where alert_change::text like ${`%${entry}%`}
        union select 'event' from event where event::text like ${`%${entry}%`}
        union select 'audit' from audit where audit::text like ${`%${entry}%`}
        union select 'counts' from candidate_count where candidate_count::text like ${`%${entry}%`}
        order by 1`.execute(db);
      return rows.map(({ place }) => place);
    };
    await maintenance.runOnce();
    expect(await holding(entries[0])).toEqual(['alert', 'alert_change', 'event']);
    const before = await counted();
    for (const { id } of [refused, confirmed]) await run.step(id, { to: 'closed' });
    await maintenance.runOnce();
    expect(await holding(entries[0])).toEqual([]);
    expect(await holding(entries[1])).toEqual(['alert', 'alert_change', 'event']);
    expect(await counted()).toEqual(before);
    // Everything else of it is still there, and nobody else may touch history.
    const { alert } = (await run.step(refused.id, { to: 'open' })).detail;
    expect(alert.details).toMatchObject({ list: 'watch', cosine: 0.45, threshold: 0.41 });
    await expect(sql`update alert_change set actor = 'x'`.execute(db)).rejects.toThrow('append-only');
  });

  test('what a camera expects is noted for the time since the last note, and not for a gap', async () => {
    const faces = { gallery: 10, peoplePerDay: 100, expectedFalsePerDay: 24 };
    const gateways = [{ status: 'online', devices: [{ device: 'cam-noted', faces }] }];
    let monotonicMs = 0;
    const recorder = new ExpectationRecorder({
      ...{ db: run.store.db, site: run.site, nowMs: Date.now, monotonicMs: () => monotonicMs },
      gateways: () => gateways as unknown as readonly GatewayStatus[],
      logger: pino({ level: 'silent' }),
    });
    for (const minutes of [0, 10, 10, 24 * 60]) {
      monotonicMs += minutes * 60_000;
      await recorder.note();
    }
    const sums = await expectedSums(run.store.db, [run.site], '2000-01-01');
    const noted = sums.filter(({ device }) => device === 'cam-noted');
    // One an hour: twenty minutes, and of the day without a note as much as may be missing.
    expect(noted.map(({ seconds }) => seconds)).toEqual([35 * 60]);
    expect(noted[0]?.false_candidates).toBeCloseTo(35 / 60, 9);
  });

  test('counts are kept as long as those of events by hour, and no longer', async () => {
    const { db } = run.store;
    const { eventHours } = defaultPolicy.keptDays;
    const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    const camera = { site: run.site, device: 'cam-kept', list: 'watch' as const };
    const days = [day(eventHours + 1), day(eventHours - 1)];
    for (const one of days) {
      await addExpected(db, [{ ...camera, day: one, false_candidates: 1, seconds: 60 }]);
      const counts = { shown: 1, confirmed: 0, refused: 0 };
      await addCandidateCounts(db, [{ ...camera, band: 'near', day: one, ...counts }]);
    }
    await newMaintenance().runOnce();
    for (const table of ['candidate_count', 'candidate_expected'] as const) {
      const { rows } = await sql<{ day: string }>`select day::text as day from ${sql.table(table)}
        where site = ${run.site} and device = 'cam-kept'`.execute(db);
      expect([table, rows.map((row) => row.day)]).toEqual([table, [days[1]]]);
    }
  });

  test('the report puts what was refused beside what was to be expected, and says when it is more', async () => {
    const day = new Date().toISOString().slice(0, 10);
    const row = { ...{ site: run.site, device: 'cam1', list: 'watch' as const, day }, false_candidates: 0.5 };
    await addExpected(run.store.db, [{ ...row, seconds: 3600 }]);
    await addExpected(run.store.db, [{ ...row, seconds: 3600 }]);
    const found = await report();
    expect(found?.expected).toEqual({ falseCandidates: 1, hours: 2 });
    expect(found).toMatchObject({ zone: 'gate', finding: 'above' });
    expect(JSON.stringify(found)).not.toMatch(/trust-|count-|taken-/);
  });
}
