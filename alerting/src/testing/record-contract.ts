import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { warmUpCommit } from '../ingest/warm-up.ts';
import { defaultPolicy } from '../policy.ts';
import { findAccount, saveAccount } from '../store/account-store.ts';
import { refreshHourly } from '../store/event-store.ts';
import { addIncidents, placeStates } from '../store/place-risk-store.ts';
import { rejectPolicy } from '../store/policy.ts';
import { insertRejects, listRejects } from '../store/reject-store.ts';
import { serverKey } from '../store/server-key.ts';
import { deleteExpiredSessions, findSession, insertSession } from '../store/session-store.ts';
import { insertTelemetry } from '../store/telemetry-store.ts';
import { newEpoch, type StoreRun } from './store-run.ts';
import { doorAlarm, forgedPass, smokeAlarm } from './test-events.ts';

const hourMs = 3_600_000;

/** What every store keeps beside events and alerts: map, sums, measurements, rejects, sessions. */
export function recordContract(run: StoreRun): void {
  const weight = async () =>
    (await placeStates(run.store.db, run.site)).reduce((sum, state) => sum + state.weight, 0);

  test('the map counts one incident for an alert, and none for what a person is; what was false is taken out', async () => {
    const before = await weight();
    const epoch = newEpoch();
    const broken = (seq: number) =>
      run.incoming({ ...doorAlarm({ epoch, seq, device: 'temp2' }), data: { kind: 'temperature' } });
    const many = Array.from({ length: 200 }, (_, index) => broken(index + 1));
    const { alerts } = await run.commit(many);
    await run.commit(many);
    await run.commit([run.incoming(forgedPass({ epoch: newEpoch(), seq: 1 }))]);
    expect((await weight()) - before).toBeCloseTo(1, 3);
    const id = alerts[0]?.id ?? '';
    await run.step(id, { to: 'acknowledged' });
    await run.step(id, { to: 'resolved', disposition: 'false' });
    expect(await weight()).toBeCloseTo(before, 3);
    await run.step(id, { disposition: 'genuine' });
    expect((await weight()) - before).toBeCloseTo(1, 3);
    for (const disposition of ['test', 'nuisance', 'duplicate'] as const) {
      await run.step(id, { disposition });
      expect(await weight()).toBeCloseTo(before, 3);
    }
  });

  test('a late alarm that still holds is one incident, also when its alert opens, and none when that was false', async () => {
    const before = await weight();
    const epoch = newEpoch();
    const time = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    const water = (seq: number, minutes: number) =>
      run.incoming({
        ...doorAlarm({ epoch, seq, device: 'reader1', time: time(minutes) }),
        data: { kind: 'gas' },
      });
    const always = run.alwaysAlerting;
    await run.commit([water(1, 180)], always);
    expect((await weight()) - before).toBeCloseTo(1, 1);
    const { alerts } = await run.settle(['edge1'], always);
    expect(alerts).toMatchObject([{ device: 'reader1', state: 'open' }]);
    expect((await weight()) - before).toBeCloseTo(1, 1);
    const id = alerts[0]?.id ?? '';
    await run.step(id, { to: 'acknowledged' });
    await run.step(id, { to: 'resolved', disposition: 'false' });
    expect(await weight()).toBeCloseTo(before, 1);
  });

  test('a rehearsal of a commit leaves nothing behind', async () => {
    const { db, changes } = run.store;
    const context = {
      directory: run.directory,
      rules: run.alwaysAlerting,
      policy: defaultPolicy,
      newId: randomUUID,
      nowMs: Date.now(),
    };
    const rows = async () => {
      const count = async (
        table: 'event' | 'alert' | 'gateway_epoch' | 'gateway_day' | 'event_hour' | 'place_risk',
      ) => (await db.selectFrom(table).select('site').where('site', '=', run.site).execute()).length;
      const tables = ['event', 'alert', 'gateway_epoch', 'gateway_day', 'event_hour', 'place_risk'] as const;
      return Promise.all(tables.map(count));
    };
    const before = [await rows(), await weight()];
    await warmUpCommit(changes, context);
    expect([await rows(), await weight()]).toEqual(before);
    // It is a commit like any other, though: with a database that refuses it, it fails.
    const broken = { ...context, newId: () => 'no uuid' };
    await expect(warmUpCommit(changes, broken)).rejects.toMatchObject({ code: '22P02' });
  });

  test('a late word of what an alert that is open has told is no further incident', async () => {
    const { db } = run.store;
    const epoch = newEpoch();
    const glass = (seq: number, minutes: number) =>
      run.incoming({
        ...doorAlarm({
          epoch,
          seq,
          device: 'cam1',
          time: new Date(Date.now() - minutes * 60_000).toISOString(),
        }),
        data: { kind: 'water' },
      });
    const { alerts } = await run.commit([glass(1, 0)], run.alwaysAlerting);
    const openedAt = new Date(Date.now() - 5 * hourMs);
    await db
      .updateTable('alert')
      .set({ opened_at: openedAt })
      .where('id', '=', alerts[0]?.id ?? '')
      .execute();
    const before = await weight();
    await run.commit([glass(2, 120)], run.alwaysAlerting);
    expect(await weight()).toBeCloseTo(before, 2);
    // What was before the alert is another story.
    await run.commit([glass(3, 400)], run.alwaysAlerting);
    expect((await weight()) - before).toBeCloseTo(1, 1);
  });

  test('events that no alert takes in are one incident an episode', async () => {
    const before = await weight();
    const epoch = newEpoch();
    const dayAgoMs = Date.now() - 24 * hourMs;
    const at = (seq: number, minute: number) =>
      run.incoming({
        ...doorAlarm({ epoch, seq, time: new Date(dayAgoMs + minute * 60_000).toISOString() }),
        data: { kind: 'water' },
      });
    await run.commit([at(1, 0), at(2, 1), at(3, 25)]);
    await run.commit([at(4, 40)]);
    expect((await weight()) - before).toBeCloseTo(1, 1);
    await run.commit([at(5, 100)]);
    expect((await weight()) - before).toBeCloseTo(2, 1);
  });

  test('hourly counts, sums and maxima are right, late events included', async () => {
    const epoch = newEpoch();
    const hour = Math.floor(Date.now() / hourMs) * hourMs - 30 * 24 * hourMs;
    const at = (minute: number) => new Date(hour + minute * 60_000).toISOString();
    const { alerts } = await run.commit([
      run.incoming(smokeAlarm({ epoch, seq: 1, time: at(1) })),
      run.incoming(smokeAlarm({ epoch, seq: 2, time: at(59) })),
      run.incoming(smokeAlarm({ epoch, seq: 3, time: at(61) })),
    ]);
    expect(alerts).toEqual([]);
    if (run.store.capabilities.continuousAggregates) {
      await refreshHourly(run.store.db, at(0), new Date(hour + 2 * hourMs).toISOString());
    }
    const rows = await run.store.db
      .selectFrom('event_hourly')
      .selectAll()
      .where('site', '=', run.site)
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
    const reading = { device: 'smoke1', metric: `m-${run.name}`, unit: 'Cel', value: 21.5, timeMs };
    await insertTelemetry(run.store.db, run.site, 'edge1', [reading, { ...reading, timeMs: timeMs + 1 }]);
    await insertTelemetry(run.store.db, run.site, 'edge1', [{ ...reading, value: 99 }]);
    const rows = await run.store.db
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
    await insertRejects(run.store.db, run.site, [reject, { ...reject, id: randomUUID() }]);
    await insertRejects(run.store.db, run.site, [{ ...reject, id: randomUUID() }]);
    const list = await listRejects(run.store.db, [run.site], 2);
    expect(list.counts['wire.not_json']).toBe(3);
    expect(list.newest).toHaveLength(2);
    expect(list.newest[0]).toMatchObject({ bytes: 50_000, topic: "wp/1/\ufffd'; drop table reject; --" });
    const { rows } = await sql<{ kept: number }>`select octet_length(payload) as kept from reject
      where site = ${run.site} and code = 'wire.not_json'`.execute(run.store.db);
    expect(rows.map(({ kept }) => kept)).toEqual([
      rejectPolicy.payloadBytes,
      rejectPolicy.payloadBytes,
      rejectPolicy.payloadBytes,
    ]);
  });

  test('sessions end when they expire, and with their account’s role', async () => {
    const name = `officer-${run.name}`;
    const token = `hash-${run.name}`;
    await saveAccount(run.store.db, { name, roles: { '*': 'viewer' }, password: 'x' });
    await saveAccount(run.store.db, { name, roles: { here: 'officer', '*': 'viewer' }, password: 'y' });
    const account = { name, roles: { here: 'officer', '*': 'viewer' }, password: 'y' } as const;
    expect(await findAccount(run.store.db, name)).toMatchObject(account);
    const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
    const session = { tokenHash: token, account, now: at(0), expires: at(1000) };
    const stale = { ...session, account: { ...account, password: 'x' } };
    expect(await insertSession(run.store.db, stale)).toBeUndefined();
    expect(await insertSession(run.store.db, session)).toMatch(/^[0-9a-f-]{36}$/);
    expect(await findSession(run.store.db, token, at(999))).toMatchObject({
      account: { name, roles: account.roles },
    });
    expect(await findSession(run.store.db, token, at(1000))).toBeUndefined();
    await deleteExpiredSessions(run.store.db, at(1000));
    expect(await findSession(run.store.db, token, at(0))).toBeUndefined();
  });

  test('a changed password, a changed role and a removed account end sessions, whoever changes them', async () => {
    const { db } = run.store;
    const name = `changed-${run.name}`;
    const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
    const changes = [
      () => db.updateTable('account').set({ password: 'z' }).where('name', '=', name).execute(),
      () => db.updateTable('account_site').set({ role: 'viewer' }).where('account', '=', name).execute(),
      () => db.insertInto('account_site').values({ account: name, site: 'b', role: 'viewer' }).execute(),
      () =>
        db
          .updateTable('account_site')
          .set({ zones: ['hall'] })
          .where('account', '=', name)
          .execute(),
      () =>
        db
          .updateTable('account')
          .set({ disabled_at: at(0) })
          .where('name', '=', name)
          .execute(),
      () => db.deleteFrom('account_site').where('account', '=', name).execute(),
      () => db.deleteFrom('account').where('name', '=', name).execute(),
    ];
    for (const [turn, change] of changes.entries()) {
      const account = { name, roles: { a: 'officer' }, password: 'y' } as const;
      await saveAccount(db, account);
      await db.updateTable('account').set({ disabled_at: null }).where('name', '=', name).execute();
      const tokenHash = `${name}-${turn}`;
      await insertSession(db, { tokenHash, account, now: at(0), expires: at(1000) });
      await saveAccount(db, account);
      expect(await findSession(db, tokenHash, at(0))).toBeDefined();
      await change();
      expect(await findSession(db, tokenHash, at(0))).toBeUndefined();
    }
  });

  test('an incident that its place does not count any more is taken away without a trace', async () => {
    const incident = { cell: '8c00000000000ff', kind: 'fire', timeMs: Date.now(), removed: true };
    await addIncidents(run.store.db, `site-without-${run.name}`, [incident]);
    expect(await placeStates(run.store.db, `site-without-${run.name}`)).toEqual([]);
  });

  test('a key of the server is made once', async () => {
    const first = await serverKey(run.store.db, `key-${run.name}`);
    expect(first).toHaveLength(32);
    expect(await serverKey(run.store.db, `key-${run.name}`)).toEqual(first);
  });
}
