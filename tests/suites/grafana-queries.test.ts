import { randomUUID } from 'node:crypto';
import { type GatewayState, type StoredEvent, sourceOf } from '@watchpost/contracts/wire';
import { expandMacros, type GrafanaQuery, grafanaQueries } from '@watchpost/grafana';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { UptimeRecorder } from '../../alerting/src/health/uptime-recorder.ts';
import { siteDirectory } from '../../alerting/src/places/site-directory.ts';
import { defaultPolicy } from '../../alerting/src/policy.ts';
import { insertEvents } from '../../alerting/src/store/event-store.ts';
import { openStore, type Store } from '../../alerting/src/store/open-store.ts';
import { storeSite } from '../../alerting/src/store/site-store.ts';
import { embeddedStore } from '../../alerting/src/testing/empty-cluster.ts';
import { openCommunityStore, queryText } from '../../alerting/src/testing/query-text.ts';
import { testSite } from '../../alerting/src/testing/test-site.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const iso = (ms: number) => new Date(ms).toISOString();
type Row = Readonly<Record<string, unknown>>;

const stores: Record<string, () => Promise<Store>> = {
  'PGlite, without TimescaleDB': async () => openStore(await embeddedStore()),
  'PGlite with continuous aggregates': openCommunityStore,
};

describe.each(Object.entries(stores))('Grafana queries on %s', (_, open) => {
  let store: Store;
  let seq = 0;

  beforeAll(async () => {
    store = await open();
    await storeSite(store.db, testSite, defaultPolicy.keptDays);
  }, 120_000);
  afterAll(() => store.close());

  async function ask(
    name: GrafanaQuery['name'],
    from: string,
    to: string,
    site: string = testSite.id,
  ): Promise<Row[]> {
    const query = grafanaQueries.find((one) => one.name === name);
    if (!query) throw new Error(`no such query: ${name}`);
    return [...(await queryText(store, expandMacros(query, { from, to, site })))];
  }

  async function event(
    time: string,
    { zone = 'gate', type = 'watchpost.sensor.alarm.v1', site = testSite.id as string } = {},
  ): Promise<void> {
    seq += 1;
    const wire = {
      specversion: '1.0',
      id: randomUUID(),
      source: sourceOf(site, 'smoke1'),
      time,
      subject: zone,
    };
    const event = { ...wire, type, data: {}, gateway: 'edge1', epoch: 'e', seq } as unknown as StoredEvent;
    const risk = { score: 50, factors: [], ruleSet: 'r' };
    const scored = {
      event,
      gateway: 'edge1',
      receivedAt: time,
      risk,
      concern: 'fire',
      late: false,
      alert: null,
    };
    await insertEvents(store.db, [scored]);
  }

  async function alert(openedAt: string, acknowledgedAt?: string): Promise<void> {
    const id = randomUUID();
    const names = { id, site: testSite.id, group_key: id, zone: 'gate', gateway: 'edge1', device: 'smoke1' };
    const state = acknowledgedAt === undefined ? 'open' : 'acknowledged';
    const kind = {
      event_type: 't',
      kind: 't',
      details: '{}',
      severity: 'high',
      condition: 'active',
    } as const;
    const times = { opened_at: openedAt, last_event_at: openedAt, updated_at: openedAt };
    const row = {
      ...names,
      ...kind,
      ...times,
      state,
      score: 50,
      risk: '{}',
      event_count: 1,
      version: 1,
    } as const;
    await store.db.insertInto('alert').values(row).execute();
    if (acknowledgedAt === undefined) return;
    const step = { from_state: 'open', to_state: 'acknowledged', actor: 'officer' } as const;
    await store.db
      .insertInto('alert_change')
      .values({ site: testSite.id, alert: id, what: 'step', at: acknowledgedAt, ...step })
      .execute();
  }

  test.each(grafanaQueries.map(({ name }) => name))(
    '%s answers where nothing ever happened',
    async (name) => {
      await expect(
        ask(name, '2020-01-01T00:00:00Z', '2020-01-02T00:00:00Z', 'nowhere'),
      ).resolves.toBeDefined();
    },
  );

  test('events of the last 15 minutes are shown, in an hour that began before them', async () => {
    const at = Math.floor(Date.now() / (60 * minuteMs)) * 60 * minuteMs - 10 * minuteMs;
    await event(iso(at));
    const rows = await ask('events_per_hour', iso(at - 5 * minuteMs), iso(at + 5 * minuteMs));
    expect(rows.map(({ time, events }) => [iso(Number(time)), Number(events)])).toEqual([
      [iso(at - 50 * minuteMs), 1],
    ]);
  });

  test('who was never acknowledged counts with the time that the alert waits', async () => {
    const openedMs = Date.now() - 3 * 60 * minuteMs;
    await alert(iso(openedMs), iso(openedMs + minuteMs));
    const range = [iso(openedMs - minuteMs), iso(openedMs + minuteMs)] as const;
    const seconds = async () =>
      (await ask('seconds_to_acknowledge', ...range)).map((row) => Number(row.seconds));
    expect(await seconds()).toEqual([60]);
    await alert(iso(openedMs));
    await alert(iso(openedMs));
    expect((await seconds())[0]).toBeGreaterThanOrEqual(3 * 3_600);
  });

  test('days begin at midnight of the site: 00:30 in Shanghai is not the UTC day before', async () => {
    await alert('2026-03-01T15:30:00Z', '2026-03-01T15:31:00Z');
    await alert('2026-03-01T16:30:00Z', '2026-03-01T16:31:00Z');
    const rows = await ask('seconds_to_acknowledge', '2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z');
    expect(rows.map(({ time }) => iso(Number(time)))).toEqual([
      '2026-02-28T16:00:00.000Z',
      '2026-03-01T16:00:00.000Z',
    ]);
    await event('2026-03-01T15:30:00Z');
    await event('2026-03-01T16:30:00Z');
    const days = await ask('zone_by_time', '2026-02-20T00:00:00Z', '2026-03-10T00:00:00Z');
    const filled = days.filter(({ metric, events }) => metric === 'gate' && events !== 0);
    expect(filled.map(({ time, events }) => [iso(Number(time)), events])).toEqual([
      ['2026-02-28T16:00:00.000Z', 1],
      ['2026-03-01T16:00:00.000Z', 1],
    ]);
  });

  test('hour × weekday counts by the clock of the site, in a wide frame without gaps', async () => {
    // Sunday 23:30 and Monday 00:30 in Shanghai.
    await event('2026-04-05T15:30:00Z');
    await event('2026-04-05T16:30:00Z');
    const rows = await ask('hour_by_weekday', '2026-04-05T00:00:00Z', '2026-04-06T00:00:00Z');
    expect(rows.map(({ hour }) => hour)).toEqual([...Array(24).keys()]);
    const cells = rows.flatMap(({ hour, ...of }) => Object.entries(of).map(([day, n]) => ({ hour, day, n })));
    expect(cells).toHaveLength(24 * 7);
    expect(cells.filter(({ n }) => n !== 0)).toEqual([
      { hour: 0, day: 'mon', n: 1 },
      { hour: 23, day: 'sun', n: 1 },
    ]);
  });

  test('zone × time has every zone in every step and at least two steps, also of a minute without events', async () => {
    const rows = await ask('zone_by_time', '2026-05-01T10:20:00Z', '2026-05-01T10:21:00Z');
    expect(rows.map(({ time, metric, events }) => [iso(Number(time)).slice(11, 16), metric, events])).toEqual(
      [
        ['10:00', 'gate', 0],
        ['10:00', 'stores', 0],
        ['11:00', 'gate', 0],
        ['11:00', 'stores', 0],
      ],
    );
    const month = await ask('zone_by_time', '2026-05-01T00:00:00Z', '2026-05-29T00:00:00Z');
    expect(new Set(month.map(({ time }) => Number(time) % dayMs))).toEqual(new Set([16 * 60 * minuteMs]));
    expect(month).toHaveLength(2 * 29);
  });

  test('a day of a time change has 25 hours and one beginning', async () => {
    const site = 'berlin' as typeof testSite.id;
    await storeSite(store.db, { ...testSite, id: site, timeZone: 'Europe/Berlin' }, defaultPolicy.keptDays);
    const hours = await ask('zone_by_time', '2026-10-24T22:00:00Z', '2026-10-25T22:59:59Z', site);
    expect(new Set(hours.map(({ time }) => Number(time))).size).toBe(25);
    expect(hours).toHaveLength(2 * 25);
    const days = await ask('zone_by_time', '2026-10-10T22:00:00Z', '2026-10-25T22:59:59Z', site);
    expect(days).toHaveLength(2 * 15);
  });

  test('kind × zone has every kind of every zone, also one that the site no longer has', async () => {
    await event('2026-06-01T10:00:00Z', { zone: 'stores', type: 'watchpost.line.crossed.v1' });
    await event('2026-06-01T10:10:00Z', { zone: 'attic' });
    const rows = await ask('kind_by_zone', '2026-06-01T10:30:00Z', '2026-06-01T10:40:00Z');
    expect(rows.map(({ zone }) => zone)).toEqual(['attic', 'gate', 'stores']);
    for (const { zone, ...cells } of rows) {
      expect(Object.keys(cells).length).toBeGreaterThan(2);
      const filled = Object.entries(cells).filter(([, n]) => n !== 0);
      if (zone === 'attic') expect(filled).toEqual([['watchpost.sensor.alarm.v1', 1]]);
      if (zone === 'gate') expect(filled).toEqual([]);
      if (zone === 'stores') expect(filled).toEqual([['watchpost.line.crossed.v1', 1]]);
    }
  });

  test('no panel reads single events or measurements: a year of them costs what its hours cost', async () => {
    for (const query of grafanaQueries) {
      const text = expandMacros(query, {
        from: '2025-06-01T10:30:00Z',
        to: '2026-06-01T10:40:00Z',
        site: testSite.id,
      });
      const rows = await queryText(store, `explain ${text}`);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan, query.name).not.toMatch(/ on (event|telemetry|_hyper\w*|event_hourly)\b/);
    }
  });

  test('what a panel asks of alerts and hours is found by an index', async () => {
    const range = { from: '2026-06-01T10:30:00Z', to: '2026-06-01T10:40:00Z', site: testSite.id };
    await queryText(store, 'set enable_seqscan = off');
    try {
      for (const query of grafanaQueries) {
        const rows = await queryText(store, `explain ${expandMacros(query, range)}`);
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        expect(plan, query.name).not.toMatch(/Function Scan on event_hours/);
        expect(plan, query.name).not.toMatch(/Seq Scan on (alert|event_hour|device_status|reject)\b/);
      }
    } finally {
      await queryText(store, 'reset enable_seqscan');
    }
  });

  describe('device uptime', () => {
    const startMs = Date.parse('2026-07-01T00:00:00.000Z');
    const at = (minutes: number) => iso(startMs + minutes * minuteMs);
    let nowMs: number;
    let record: UptimeRecorder;

    const newRecord = async () => {
      const made = new UptimeRecorder({
        db: store.db,
        directory: siteDirectory(testSite),
        policy: defaultPolicy.uptime,
        nowMs: () => nowMs,
        logger: pino({ level: 'silent' }),
      });
      await made.start();
      return made;
    };
    const state = (status: GatewayState['status'], devices: Record<string, string> = {}): GatewayState => ({
      status,
      time: iso(nowMs),
      version: '1',
      clockOffsetMs: null,
      epoch: null,
      outboxDepth: 0,
      devices: Object.entries(devices).map(([device, health]) => ({
        device: device as GatewayState['devices'][number]['device'],
        status: health as GatewayState['devices'][number]['status'],
        readings: 0,
        unreadable: 0,
      })),
    });
    const healthy = { smoke1: 'ok', cam1: 'ok', reader1: 'ok', door1: 'ok' };
    /** The gateway speaks each 30 s, for so many minutes. */
    const pass = async (minutes: number, devices?: Record<string, string>): Promise<void> => {
      const untilMs = nowMs + minutes * minuteMs;
      for (; nowMs < untilMs; nowMs += minuteMs / 2)
        if (devices) record.takeState('edge1', state('online', devices), true);
      await record.flush();
    };
    const uptime = async (from: number, to: number): Promise<Record<string, number | null>> =>
      Object.fromEntries(
        (await ask('device_uptime', at(from), at(to))).map(({ device, uptime: share }) => [
          String(device),
          share === null ? null : Math.round(Number(share) * 1000) / 1000,
        ]),
      );

    beforeEach(async () => {
      await store.db.deleteFrom('device_status').execute();
      nowMs = startMs;
      record = await newRecord();
    });
    afterEach(() => record.stop());

    test('a smoke detector that says nothing is up while its gateway is and says that it works', async () => {
      await pass(60, healthy);
      expect(await uptime(0, 60)).toMatchObject({ smoke1: 1, cam1: 1 });
      // Also of a range that began long after its last change; nothing is known of the other gateway's.
      expect(await uptime(40, 50)).toMatchObject({ smoke1: 1, temp2: null });
    });

    test('devices of a gateway that went, or that is silent, are down until it is back', async () => {
      await pass(30, healthy);
      record.takeState('edge1', state('offline'), true);
      await pass(15);
      await pass(15, healthy);
      expect(await uptime(0, 60)).toMatchObject({ smoke1: 0.75 });
      await pass(30);
      // Noticed later, and true of the time since it was heard last.
      record.gatewayLost('edge1', startMs + 60 * minuteMs);
      await record.flush();
      expect(await uptime(60, 90)).toMatchObject({ smoke1: 0 });
      expect(await uptime(0, 90)).toMatchObject({ smoke1: 0.5 });
    });

    test('a lost camera is down although its gateway is not; one that works badly is up', async () => {
      await pass(30, healthy);
      await pass(30, { ...healthy, cam1: 'lost', reader1: 'degraded' });
      expect(await uptime(0, 60)).toMatchObject({ cam1: 0.5, reader1: 1, smoke1: 1 });
    });

    test('what nobody watched counts neither way: alerting without a broker, not running, or killed', async () => {
      await pass(20, healthy);
      record.linkDown();
      await pass(20);
      await pass(20, healthy);
      expect(await uptime(0, 60)).toMatchObject({ smoke1: 1 });
      // Killed: nothing said that it was over. The next run knows until when this one was there.
      nowMs += 60 * minuteMs;
      expect(await uptime(60, 120)).toMatchObject({ smoke1: null });
      record = await newRecord();
      record.takeState('edge1', state('offline'), false);
      await pass(60);
      expect(await uptime(60, 180)).toMatchObject({ smoke1: 0 });
      expect(await uptime(0, 180)).toMatchObject({ smoke1: 0.4 });
    });

    test('a state that the broker kept says that it was online once, and nothing of now', async () => {
      record.takeState('edge1', state('online', healthy), false);
      await pass(10);
      expect(await uptime(0, 10)).toMatchObject({ smoke1: null });
    });
  });
});
