import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { type AlertFilter, listAlerts } from './alert-queue.ts';
import { openStore, type Store } from './open-store.ts';
import { historyPolicy } from './policy.ts';

const site = 'test';
const ids = {
  door: '01998f3e-0000-7000-8000-000000000001',
  smoke: '01998f3e-0000-7000-8000-000000000002',
  pass: '01998f3e-0000-7000-8000-000000000003',
};

let store: Store;
beforeAll(async () => {
  store = await openStore(await embeddedStore());
  const insert = (id: string, day: number, type: string, details: object, disposition: string) =>
    sql`insert into alert (id, site, group_key, zone, gateway, device, event_type, kind, details, severity, state,
        condition, score, risk, event_count, opened_at, last_event_at, updated_at, version, disposition)
      values (${id}, ${site}, ${id}, 'gate', 'edge1', 'door1', ${type}, '', ${JSON.stringify(details)}::jsonb, 'high',
        'closed', 'cleared', 60, ${JSON.stringify({ score: 60, ruleSet: '1', factors: [{ name: 'recency', points: 60, because: {} }] })}::jsonb, 1,
        ${`2026-11-${day}T08:00:00Z`}, ${`2026-11-${day}T08:00:00Z`}, ${`2026-11-${day + 1}T08:00:00Z`}, 1,
        ${disposition})`.execute(store.db);
  await insert(ids.door, 10, 'watchpost.sensor.alarm.v1', { kind: 'door' }, 'false');
  await insert(ids.smoke, 12, 'watchpost.sensor.alarm.v1', { kind: 'smoke' }, 'genuine');
  await insert(ids.pass, 14, 'watchpost.pass.rejected.v1', { reason: 'expired', kid: 'Gate-7' }, 'genuine');
  await sql`insert into alert_change (site, alert, version, what, at, from_state, to_state, actor, reason)
    values (${site}, ${ids.door}, 1, 'step', now(), 'open', 'closed', 'ana', 'Wind moved the DOOR')`.execute(
    store.db,
  );
});
afterAll(() => store?.close());

const found = async (filter: Partial<Omit<AlertFilter, 'order'>>) =>
  (
    await listAlerts(store.db, {
      sites: [site],
      states: ['resolved', 'closed'],
      order: 'newest',
      limit: 9,
      ...filter,
    })
  ).map(({ id }) => id);

test('what was done is found by kind, disposition and time, the newest first', async () => {
  expect(await found({})).toEqual([ids.pass, ids.smoke, ids.door]);
  expect(await found({ type: 'watchpost.sensor.alarm.v1' })).toEqual([ids.smoke, ids.door]);
  expect(await found({ disposition: 'genuine' })).toEqual([ids.pass, ids.smoke]);
  // By when it was done, a day after it opened.
  expect(await found({ from: '2026-11-13T08:00:00Z', until: '2026-11-15T08:00:00Z' })).toEqual([ids.smoke]);
});

test('a text is looked for in notes and in what is known of the event, whatever the case', async () => {
  expect(await found({ search: 'the door' })).toEqual([ids.door]);
  expect(await found({ search: 'gate-7' })).toEqual([ids.pass]);
  expect(await found({ search: "100%' or" })).toEqual([]);
});

test('what few say is found behind many alerts that are newer, in every script', async () => {
  const rare = '01998f3e-0000-7000-8000-000000000004';
  await sql`insert into alert (id, site, group_key, zone, gateway, device, event_type, kind, details, severity, state,
      condition, score, risk, event_count, opened_at, last_event_at, updated_at, version)
    select case n when 0 then ${rare}::uuid else gen_random_uuid() end, 'long', 'g' || n, 'gate', 'edge1', 'door1',
      'watchpost.sensor.alarm.v1', '', case n when 0 then '{"text":"配电房烟雾"}' else '{"text":"走廊有人"}' end::jsonb,
      'high', 'closed', 'cleared', 60, '{"score":60,"ruleSet":"1","factors":[{"name":"recency","points":60,"because":{}}]}', 1, at, at, at, 1
    from generate_series(0, ${historyPolicy.readAtMost + 5}::integer) as n,
      lateral (select timestamptz '2026-10-01' + n * interval '1 minute' as at) as made`.execute(store.db);
  await sql`insert into alert_change (site, alert, version, what, at, from_state, to_state, actor, reason)
    values ('long', ${rare}, 1, 'step', now(), 'open', 'closed', 'ana', 'Burnt TOAST')`.execute(store.db);
  const ofLong = (search: string) => found({ sites: ['long'], search });
  expect(await ofLong('烟雾')).toEqual([rare]);
  expect(await ofLong('toast')).toEqual([rare]);
  expect(await ofLong('有烟')).toEqual([]);
  expect(await ofLong('走廊')).toHaveLength(9);
});
