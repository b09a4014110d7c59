import { randomUUID } from 'node:crypto';
import type { Alert, WatchpostEvent } from '@watchpost/contracts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { takeOfficerStep } from '../alerts/officer-step.ts';
import { clearCondition, openAlert } from '../domain/alert-lifecycle.ts';
import { subjectOf } from '../domain/alert-subject.ts';
import { defaultRuleSet } from '../domain/rule-set.ts';
import { type SiteDirectory, siteDirectory } from '../domain/site-directory.ts';
import { type Committed, commitWork } from '../ingest/commit-work.ts';
import { type IncomingEvent, noWork } from '../ingest/work.ts';
import {
  deleteExpiredSessions,
  findAccount,
  findSession,
  insertSession,
  saveAccount,
} from '../store/account-store.ts';
import { insertAlert, listAlerts, transitionsOf, updateAlert } from '../store/alert-store.ts';
import { insertTelemetry, newestWatermarks, refreshHourly } from '../store/event-store.ts';
import { migrate } from '../store/migrate.ts';
import type { Store } from '../store/open-store.ts';
import { placeStates } from '../store/place-risk-store.ts';
import { insertRejects, keptPayloadBytes, listRejects } from '../store/reject-store.ts';
import { doorAlarm, type EventSketch, forgedPass, smokeAlarm, testEvent } from './test-events.ts';
import { testSite } from './test-site.ts';

type Sketch = EventSketch<'watchpost.sensor.alarm.v1'> | EventSketch<'watchpost.pass.rejected.v1'>;

const hourMs = 3_600_000;

/** A shuffled copy; `next` gives numbers in 0…1. */
function shuffled<T>(items: readonly T[], next: () => number): T[] {
  return items
    .map((item) => [next(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

function only<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined || items.length !== 1) throw new Error(`expected one, found ${items.length}`);
  return item;
}

/** A small reproducible generator (Park–Miller). */
function lehmer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/**
 * What every store does, whatever engine is under it. Each run has a site, epochs and accounts of its own, so that it
 * can meet a database with data in it.
 */
export function storeContract(open: () => Promise<Store>, expected: Partial<Store['capabilities']>): void {
  let store: Store;
  let directory: SiteDirectory;
  let site: string;
  const run = randomUUID().slice(0, 8);
  const epochs = () => randomUUID().replaceAll('-', '');

  beforeAll(async () => {
    store = await open();
    site = `site-${run}`;
    const renamed = { ...testSite, id: site } as typeof testSite;
    directory = siteDirectory(renamed);
  }, 120_000);
  afterAll(() => store?.close());

  function incoming(sketch: Sketch, receivedMs = Date.now()): IncomingEvent {
    const event = { ...testEvent(sketch) } as WatchpostEvent;
    const device = directory.device(sketch.device ?? 'smoke1');
    if (!device) throw new Error('no such device');
    event.source = event.source.replace('/sites/test/', `/sites/${site}/`);
    const late = receivedMs - Date.parse(event.time) > 600_000;
    return { event, gateway: event.gateway, device, topic: 't', receivedMs, late };
  }

  const commit = (events: readonly IncomingEvent[], rules = defaultRuleSet): Promise<Committed> =>
    commitWork(store.db, { ...noWork, events }, { directory, rules, newId: randomUUID, nowMs: Date.now() });

  async function storedSeqs(epoch: string): Promise<number[]> {
    const rows = await store.db.selectFrom('event').select('seq').where('epoch', '=', epoch).execute();
    return rows.map(({ seq }) => seq).sort((a, b) => a - b);
  }

  test('knows what the database offers, and migrating again changes nothing', async () => {
    expect(store.capabilities).toMatchObject(expected);
    await migrate(store.db, store.capabilities);
  });

  test('time_bucket exists everywhere and weeks begin on Monday', async () => {
    const { rows } = await sql<{ hour: Date; week: Date }>`
      select time_bucket('1 hour', timestamptz '2026-11-18T10:59:59Z') as hour,
        time_bucket('7 days', timestamptz '2026-11-18T10:59:59Z') as week`.execute(store.db);
    expect(rows[0]?.hour.toISOString()).toBe('2026-11-18T10:00:00.000Z');
    expect(rows[0]?.week.toISOString()).toBe('2026-11-16T00:00:00.000Z');
  });

  test('deliveries in any order, cut anyhow and repeated, store each event once and end at the full watermark', async () => {
    for (const seed of [1, 2, 3]) {
      const next = lehmer(seed * 7919);
      const epoch = epochs();
      const all = Array.from({ length: 30 }, (_, index) =>
        incoming(forgedPass({ epoch, seq: index + 1, device: 'cam1' })),
      );
      // A repeat may even carry another time: the position decides, not the time.
      const again = all.map((item) => ({
        ...item,
        event: { ...item.event, time: new Date(Date.now() - 1000).toISOString() } as WatchpostEvent,
      }));
      const deliveries = shuffled([...all, ...again], next);
      let seen = new Set<number>();
      while (deliveries.length > 0) {
        const batch = deliveries.splice(0, 1 + Math.floor(next() * 9));
        const { receipts } = await commit(batch);
        seen = new Set([...seen, ...batch.map(({ event }) => event.seq)]);
        let contiguous = 0;
        while (seen.has(contiguous + 1)) contiguous++;
        expect(receipts).toEqual([{ gateway: 'edge1', epoch, seq: contiguous }]);
      }
      expect(await storedSeqs(epoch)).toEqual(all.map(({ event }) => event.seq));
      const waiting = await store.db
        .selectFrom('gateway_above')
        .selectAll()
        .where('epoch', '=', epoch)
        .execute();
      expect(waiting).toEqual([]);
    }
  });

  test('a commit that fails half-way leaves nothing: no event, no alert, no watermark', async () => {
    const epoch = epochs();
    const broken = { ...defaultRuleSet, version: 'has a zero byte \0' };
    await expect(commit([incoming(smokeAlarm({ epoch, seq: 1 }))], broken)).rejects.toThrow();
    expect(await storedSeqs(epoch)).toEqual([]);
    const { receipts, fresh } = await commit([incoming(smokeAlarm({ epoch, seq: 1 }))]);
    expect(receipts[0]?.seq).toBe(1);
    expect(fresh.events).toHaveLength(1);
  });

  test('two commits of the same events at the same time store them once', async () => {
    const epoch = epochs();
    const events = [1, 2, 3].map((seq) => incoming(forgedPass({ epoch, seq })));
    const results = await Promise.all([commit(events), commit(events)]);
    expect(results.map(({ fresh }) => fresh.events.length).sort()).toEqual([0, 3]);
    expect(await storedSeqs(epoch)).toEqual([1, 2, 3]);
    const watermarks = await newestWatermarks(store.db, site);
    expect(watermarks.filter(({ gateway }) => gateway === 'edge1')).toMatchObject([{ epoch, seq: 3 }]);
  });

  test('another event at a handled position is kept as a reject of a duplicate identity', async () => {
    const epoch = epochs();
    await commit([incoming(forgedPass({ epoch, seq: 1 }))]);
    const { fresh, receipts } = await commit([incoming(forgedPass({ epoch, seq: 1 }))]);
    expect(fresh.rejects).toMatchObject([{ code: 'wire.duplicate_identity', device: 'cam1' }]);
    expect(receipts[0]?.seq).toBe(1);
  });

  test('an unresolved alert takes its group’s events in; after it is resolved the next opens another', async () => {
    const epoch = epochs();
    const first = await commit([
      incoming(doorAlarm({ epoch, seq: 1 })),
      incoming(doorAlarm({ epoch, seq: 2 })),
    ]);
    expect(first.alerts).toMatchObject([{ eventCount: 2, state: 'open' }]);
    const { id } = only(first.alerts);
    const step = (to: 'acknowledged' | 'resolved') =>
      takeOfficerStep(
        store.db,
        site,
        id,
        { id: randomUUID(), to, disposition: 'genuine', reason: "'); drop table alert; --" },
        "o'brien",
        Date.now(),
      );
    await step('acknowledged');
    await step('resolved');
    const second = await commit([incoming(doorAlarm({ epoch, seq: 3 }))]);
    expect(second.alerts).toMatchObject([{ eventCount: 1, state: 'open' }]);
    expect(second.alerts[0]?.id).not.toBe(id);
    const history = await transitionsOf(store.db, id);
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
    const key = `${run} ${groupKey}`;
    const first = make();
    await insertAlert(store.db, first, key);
    await expect(insertAlert(store.db, make(), key)).rejects.toThrow();
    await updateAlert(store.db, clearCondition(first, new Date().toISOString()));
  });

  test('a repeated step changes nothing and gets the first answer; its id serves no other step', async () => {
    const epoch = epochs();
    const { alerts } = await commit([incoming(forgedPass({ epoch, seq: 1, device: 'reader1' }))]);
    const { id } = only(alerts);
    const request = { id: randomUUID(), to: 'acknowledged' as const };
    const [first, second] = await Promise.all(
      [1, 2].map(() => takeOfficerStep(store.db, site, id, request, 'a', Date.now())),
    );
    expect([first?.changed, second?.changed].sort()).toEqual([false, true]);
    await takeOfficerStep(store.db, site, id, { id: randomUUID(), to: 'in_progress' }, 'a', Date.now() + 5);
    const late = await takeOfficerStep(store.db, site, id, request, 'a', Date.now() + 10);
    expect(late.detail).toEqual(first?.detail);
    const other = { ...request, to: 'resolved' as const };
    await expect(takeOfficerStep(store.db, site, id, other, 'a', Date.now())).rejects.toMatchObject({
      code: 'api.invalid',
    });
  });

  test('history is append-only', async () => {
    const attempts = [
      sql`update alert_transition set actor = 'nobody'`,
      sql`delete from alert_transition`,
      sql`truncate alert_transition`,
    ];
    for (const attempt of attempts) await expect(attempt.execute(store.db)).rejects.toThrow('append-only');
  });

  test('pages of alerts cover all of them once, newest change first', async () => {
    const states = ['open', 'acknowledged', 'in_progress', 'resolved'] as const;
    const all = await listAlerts(store.db, { site, states, limit: 100 });
    const paged: Alert[] = [];
    for (let last: Alert | undefined; ; last = paged.at(-1)) {
      const page = await listAlerts(store.db, { site, states, limit: 2, after: last });
      if (page.length === 0) break;
      paged.push(...page);
    }
    expect(paged).toEqual(all);
    expect(all.length).toBeGreaterThan(3);
    expect(all.map(({ updatedAt }) => updatedAt)).toEqual(
      [...all.map(({ updatedAt }) => updatedAt)].sort().reverse(),
    );
  });

  test('only sensors feed the map, and each event once', async () => {
    const before = await placeStates(store.db, site);
    const epoch = epochs();
    const events = [incoming(smokeAlarm({ epoch, seq: 1 })), incoming(forgedPass({ epoch, seq: 2 }))];
    await commit(events);
    await commit(events);
    const total = (states: typeof before) => states.reduce((sum, { weight }) => sum + weight, 0);
    expect(total(await placeStates(store.db, site)) - total(before)).toBeCloseTo(1, 3);
  });

  test('hourly counts, sums and maxima are right, late events included', async () => {
    const epoch = epochs();
    const hour = Math.floor(Date.now() / hourMs) * hourMs - 30 * 24 * hourMs;
    const at = (minute: number) => new Date(hour + minute * 60_000).toISOString();
    const { alerts } = await commit([
      incoming(smokeAlarm({ epoch, seq: 1, time: at(1) })),
      incoming(smokeAlarm({ epoch, seq: 2, time: at(59) })),
      incoming(smokeAlarm({ epoch, seq: 3, time: at(61) })),
    ]);
    expect(alerts).toEqual([]);
    if (store.capabilities.continuousAggregates) {
      await refreshHourly(store.db, at(0), new Date(hour + 2 * hourMs).toISOString());
    }
    const rows = await store.db
      .selectFrom('event_hourly')
      .selectAll()
      .where('site', '=', site)
      .where('bucket', '<', new Date(hour + 3 * hourMs))
      .orderBy('bucket')
      .execute();
    expect(rows).toMatchObject([
      { zone: 'stores', type: 'watchpost.sensor.alarm.v1', events: 2 },
      { zone: 'stores', type: 'watchpost.sensor.alarm.v1', events: 1 },
    ]);
    expect(rows[0]?.risk_sum).toBeCloseTo(2 * (rows[0]?.risk_max ?? 0), 6);
  });

  test('a repeated measurement changes nothing', async () => {
    const timeMs = Date.now();
    const reading = { device: 'smoke1', metric: `m-${run}`, unit: 'Cel', value: 21.5, timeMs };
    await insertTelemetry(store.db, site, 'edge1', [reading, { ...reading, timeMs: timeMs + 1 }]);
    await insertTelemetry(store.db, site, 'edge1', [{ ...reading, value: 99 }]);
    const rows = await store.db
      .selectFrom('telemetry')
      .select(['value'])
      .where('metric', '=', reading.metric)
      .execute();
    expect(rows).toEqual([{ value: 21.5 }, { value: 21.5 }]);
  });

  test('of a reject the beginning is kept, hostile text and all, and every one is counted', async () => {
    const payload = new Uint8Array(50_000).fill(255);
    const reject = {
      id: randomUUID(),
      receivedAt: new Date().toISOString(),
      topic: "wp/1/\0\ud800'; drop table reject; --",
      gateway: null,
      device: null,
      code: 'wire.not_json',
      path: null,
      bytes: payload.byteLength,
      payload,
    };
    await insertRejects(store.db, site, [reject, { ...reject, id: randomUUID() }]);
    await insertRejects(store.db, site, [{ ...reject, id: randomUUID() }]);
    const list = await listRejects(store.db, site, 2);
    expect(list.counts['wire.not_json']).toBe(3);
    expect(list.newest).toHaveLength(2);
    expect(list.newest[0]).toMatchObject({ bytes: 50_000, topic: "wp/1/\ufffd'; drop table reject; --" });
    const { rows } = await sql<{ kept: number }>`select octet_length(payload) as kept from reject
      where site = ${site} and code = 'wire.not_json'`.execute(store.db);
    expect(rows.map(({ kept }) => kept)).toEqual([keptPayloadBytes, keptPayloadBytes, keptPayloadBytes]);
  });

  test('sessions end when they expire, and with their account’s role', async () => {
    const name = `officer-${run}`;
    const token = `hash-${run}`;
    await saveAccount(store.db, { name, role: 'viewer', password: 'x' });
    await saveAccount(store.db, { name, role: 'officer', password: 'y' });
    expect(await findAccount(store.db, name)).toEqual({ name, role: 'officer', password: 'y' });
    const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
    await insertSession(store.db, { tokenHash: token, account: name, now: at(0), expires: at(1000) });
    expect(await findSession(store.db, token, at(999))).toMatchObject({ account: name, role: 'officer' });
    expect(await findSession(store.db, token, at(1000))).toBeUndefined();
    await deleteExpiredSessions(store.db, at(1000));
    expect(await findSession(store.db, token, at(0))).toBeUndefined();
  });
}
