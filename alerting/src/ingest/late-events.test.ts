import { type Alert, alertSchema } from '@watchpost/contracts/alert';
import type { Site } from '@watchpost/contracts/site';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { defaultPolicy } from '../policy.ts';
import { listRejects } from '../store/reject-store.ts';
import { IngestSite } from '../testing/ingest-site.ts';
import { doorAlarm, type EventSketch, forgedPass, smokeAlarm, wireEvent } from '../testing/test-events.ts';
import { testSite } from '../testing/test-site.ts';

const minuteMs = 60_000;
/** The test site with a door box that reports more than a door. */
const moreReports: Site = {
  ...testSite,
  devices: testSite.devices.map((device): Site['devices'][number] =>
    device.id === 'door1'
      ? { ...device, reports: ['sensor.door', 'sensor.water', 'sensor.temperature', 'sensor.gas', 'panic'] }
      : device,
  ),
};
/** By how much somebody has set the server’s clock. */
let setMs = 0;
let seq: number;
/** Alerts of earlier tests, which the broker keeps. */
let earlier: ReadonlySet<string>;
let site: IngestSite;
beforeAll(async () => {
  site = await IngestSite.open({
    site: moreReports,
    policy: { ...defaultPolicy, settle: { quietMs: 1_000, atMostMs: 60_000 } },
    nowMs: () => Date.now() + setMs,
  });
});
afterAll(() => site.close());
beforeEach(async () => {
  const { db } = site.store;
  // Every test begins with nothing open.
  await db.updateTable('alert').set({ state: 'closed' }).execute();
  await db.deleteFrom('late_event_count').execute();
  await db.deleteFrom('reject_count').execute();
  seq = 0;
  setMs = 0;
  earlier = new Set((await db.selectFrom('alert').select('id').execute()).map(({ id }) => id));
  await site.begin();
});
afterEach(() => site.end());

const ago = (minutes: number) => new Date(Date.now() - minutes * minuteMs).toISOString();

/** Sends events one after another; settles when the last has its receipt. */
async function report(...events: readonly (EventSketch<never> | object)[]): Promise<void> {
  const batch = events.map((sketch) => {
    seq++;
    const { clockoffset, clocksource, ...rest } = sketch as Record<string, unknown>;
    return {
      ...wireEvent({ ...(rest as unknown as EventSketch<never>), epoch: site.epoch, seq }),
      ...(clockoffset === undefined ? {} : { clockoffset }),
      ...(clocksource === undefined ? {} : { clocksource }),
    };
  });
  await site.publish('up', batch);
  await site.receiptAt(seq);
}

/** The next alert about this kind of thing (or of this type), as it was published. */
const alertOf = (kind: string): Promise<Alert> =>
  site.listener.until(({ topic, payload }) => {
    if (!topic.startsWith('wp/1/test/alerts/') || payload === '') return undefined;
    const alert = alertSchema.parse(JSON.parse(payload));
    if (earlier.has(alert.id)) return undefined;
    return alert.details.kind === kind || alert.eventType === kind ? alert : undefined;
  });

const alerts = () => site.store.db.selectFrom('alert').selectAll().where('state', '=', 'open').execute();
const state = (more: object) => ({
  status: 'online',
  time: new Date().toISOString(),
  version: '1',
  clockOffsetMs: null,
  epoch: site.epoch,
  outboxDepth: 0,
  devices: [],
  ...more,
});

test('smoke 11 minutes late alerts and says so', async () => {
  await report(smokeAlarm({ time: ago(11) }));
  const alert = await alertOf('smoke');
  expect(alert).toMatchObject({ state: 'open', condition: 'active' });
  expect(Math.round((alert.lateMs ?? 0) / minuteMs)).toBe(11);
});

test('panic 59 minutes late alerts; 61 minutes late it is history that is counted', async () => {
  const panic = (time: string) => ({
    type: 'watchpost.panic.pressed.v1',
    data: { silent: false },
    device: 'door1',
    time,
  });
  await report(panic(ago(61)));
  expect(await alerts()).toEqual([]);
  expect(site.gateways.status('edge1')?.lateEvents).toBe(1);
  await report(panic(ago(59)));
  expect((await alertOf('watchpost.panic.pressed.v1')).lateMs).toBeGreaterThan(58 * minuteMs);
});

test('what is still so after an outage alerts however late; what ended meanwhile does not', async () => {
  await report(
    { ...doorAlarm({ time: ago(180) }), data: { kind: 'water' } },
    { ...doorAlarm({ time: ago(170) }), data: { kind: 'temperature' } },
    forgedPass({ time: ago(160) }),
  );
  // The clearing waited behind them.
  await report({
    type: 'watchpost.sensor.cleared.v1',
    data: { kind: 'temperature' },
    device: 'door1',
    time: ago(165),
  });
  const water = await alertOf('water');
  expect(water).toMatchObject({ condition: 'active', eventCount: 1 });
  expect(Math.round((water.lateMs ?? 0) / minuteMs)).toBe(180);
  expect((await alerts()).map(({ details }) => details.kind)).toEqual(['water']);
  // The forged pass and the temperature that is over.
  expect(site.gateways.status('edge1')?.lateEvents).toBe(2);
});

test('a gateway that says nothing waits is not waited for, and a restart in between forgets nothing', async () => {
  await site.stopIngest();
  await site.store.db
    .insertInto('late_event_count')
    .values({ site: 'test', gateway: 'edge1', count: 5 })
    .execute();
  await site.startIngest();
  await report({ ...doorAlarm({ time: ago(300) }), data: { kind: 'gas' } });
  await site.publish('state', state({}));
  expect((await alertOf('gas')).lateMs).toBeGreaterThan(299 * minuteMs);
  await expect.poll(() => site.gateways.status('edge1')?.lateEvents).toBe(5);
});

test.each([
  ['15 minutes slow', -15 * minuteMs],
  ['3 hours slow', -180 * minuteMs],
  ['15 minutes fast', 15 * minuteMs],
  ['3 hours fast', 180 * minuteMs],
  ['in 1970', -Date.now()],
])('a gateway whose clock is %s: live events are live, at their corrected time', async (_what, errorMs) => {
  const nowMs = Date.now();
  const time = new Date(nowMs + errorMs).toISOString();
  await report({ ...forgedPass({ time }), clockoffset: -errorMs, clocksource: 'receipt' });
  const alert = await alertOf('watchpost.pass.rejected.v1');
  expect(alert.lateMs).toBeUndefined();
  expect(Math.abs(Date.parse(alert.lastEventAt) - nowMs)).toBeLessThan(1000);
  const [event] = await site.stored();
  expect(event).toMatchObject({ late: false, clock_offset_ms: -errorMs });
  expect(Math.abs((event?.time.getTime() ?? 0) - nowMs)).toBeLessThan(1000);
});

test.each([
  ['an hour forward', 60 * minuteMs],
  ['three hours back', -180 * minuteMs],
])(
  'what was measured just before the server’s clock was set %s is stored and live',
  async (_what, stepMs) => {
    const time = new Date().toISOString();
    setMs = stepMs;
    await report({ ...forgedPass({ time }), clockoffset: 0, clocksource: 'receipt' });
    const alert = await alertOf('watchpost.pass.rejected.v1');
    expect(alert.lateMs).toBeUndefined();
    expect(Math.abs(Date.parse(alert.lastEventAt) - Date.parse(time) - stepMs)).toBeLessThan(1000);
    expect((await listRejects(site.store.db, ['test'], 10)).counts).toEqual({});
  },
);

test('an alarm of before the server’s clock was set back is cleared all the same', async () => {
  setMs = 60 * minuteMs;
  const measured = { clockoffset: setMs, clocksource: 'receipt' };
  const water = { ...doorAlarm({ time: new Date().toISOString() }), data: { kind: 'water' as const } };
  await report({ ...water, ...measured });
  expect((await alertOf('water')).condition).toBe('active');
  setMs = 0;
  const cleared = {
    type: 'watchpost.sensor.cleared.v1' as const,
    device: 'door1',
    time: new Date().toISOString(),
    data: { kind: 'water' as const },
  };
  await report({ ...cleared, clockoffset: 0, clocksource: 'receipt' });
  const open = site.store.db.selectFrom('alert').select('condition').where('state', '=', 'open');
  expect(await open.execute()).toEqual([{ condition: 'cleared' }]);
});

test('a time that cannot be right is kept, counted and shown; danger to life alerts all the same', async () => {
  await report(
    smokeAlarm({ time: '1970-01-01T00:00:07.000Z' }),
    forgedPass({ time: '2031-01-01T00:00:00.000Z' }),
  );
  expect(await alertOf('smoke')).toMatchObject({ state: 'open' });
  expect((await site.stored()).map(({ type }) => type)).toEqual([
    'watchpost.sensor.alarm.v1',
    'watchpost.pass.rejected.v1',
  ]);
  const rejects = await listRejects(site.store.db, ['test'], 10);
  expect(rejects.counts).toEqual({ 'wire.time_implausible': 2 });
  expect(
    rejects.newest
      .slice(0, 2)
      .map(({ device }) => device)
      .sort(),
  ).toEqual(['cam1', 'smoke1']);
  // Sent again, because its receipt was lost: it is not counted twice.
  await site.publish(
    'up',
    wireEvent({ ...smokeAlarm({ time: '1970-01-01T00:00:07.000Z' }), epoch: site.epoch, seq: 1 }),
  );
  await report(smokeAlarm({}));
  expect((await listRejects(site.store.db, ['test'], 10)).counts['wire.time_implausible']).toBe(2);
});

test('danger to life of a gateway that knows no offset alerts, whatever its clock says', async () => {
  await report({ ...smokeAlarm({ time: ago(60 * 24 * 3) }), clocksource: 'none' });
  expect(await alertOf('smoke')).toMatchObject({ state: 'open', condition: 'active' });
});

test('an older gateway that measures but does not say it with its events is corrected, and shown', async () => {
  await site.publish('state', state({ clockOffsetMs: -15 * minuteMs }));
  await report(forgedPass({ time: ago(15) }));
  expect((await alertOf('watchpost.pass.rejected.v1')).lateMs).toBeUndefined();
  expect(site.gateways.status('edge1')).toMatchObject({
    error: 'edge.clock_wrong',
    errors: ['edge.clock_wrong'],
  });
});

test('a state is answered with a receipt, so that a gateway knows the time before it sends anything', async () => {
  await site.publish('state', state({}));
  const { time } = await site.receiptAt(0);
  expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(5000);
});
