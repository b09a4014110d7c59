import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { countAlerts, countMatches, listAlerts, positionOf } from './alert-queue.ts';
import { openStore, type Store } from './open-store.ts';
import type { Queryable } from './schema.ts';

const site = 'test';
const unclosed = 400;
const closed = 20_000;
const queue = ['open', 'acknowledged', 'in_progress', 'resolved'] as const;

let store: Store;

/** `count` alerts; the states and severities take turns. */
async function insert(from: number, count: number, states: readonly string[]): Promise<void> {
  await sql`insert into alert (id, site, group_key, zone, gateway, device, event_type, kind, details, severity, state,
      condition, score, risk, event_count, opened_at, last_event_at, updated_at, version)
    select gen_random_uuid(), ${site}, n::text, 'gate', 'edge1', 'door' || n % 7, 'watchpost.sensor.alarm.v1', 'door',
      '{"kind":"door"}', (array['low','medium','high','critical'])[n % 4 + 1],
      (${sql.lit(`{${states.join(',')}}`)}::text[])[n % ${sql.lit(states.length)} + 1], 'active', n % 100,
      jsonb_build_object('score', n % 100, 'ruleSet', '1', 'factors', jsonb_build_array(
        jsonb_build_object('name', 'recency', 'points', n % 100, 'because', '{}'::jsonb))),
      1, now() - n * interval '1 second', now(), now() - n * interval '1 second', 1
    from generate_series(${sql.lit(from)}::int, ${sql.lit(from + count - 1)}::int) n`.execute(store.db);
}

interface Work {
  readonly read: number;
  readonly updated: number;
  readonly hot: number;
}

/**
 * What PostgreSQL counted of the alert table; it goes on counting over transactions, so only differences say
 * something.
 */
async function counted(tx: Queryable): Promise<Work> {
  const { rows } =
    await sql<Work>`select (seq_tup_read + idx_tup_fetch)::int as read, n_tup_upd::int as updated,
    n_tup_hot_upd::int as hot from pg_stat_xact_user_tables where relname = 'alert'`.execute(tx);
  return rows[0] ?? { read: 0, updated: 0, hot: 0 };
}

async function workOf(work: (tx: Queryable) => Promise<unknown>): Promise<Work> {
  return store.db.transaction().execute(async (tx) => {
    const before = await counted(tx);
    await work(tx);
    const after = await counted(tx);
    return {
      read: after.read - before.read,
      updated: after.updated - before.updated,
      hot: after.hot - before.hot,
    };
  });
}

/** Rows of the alert table that a piece of work reads. */
const rowsRead = async (work: (tx: Queryable) => Promise<unknown>): Promise<number> =>
  (await workOf(work)).read;

beforeAll(async () => {
  store = await openStore(await embeddedStore());
  await insert(1, unclosed, queue);
  await insert(unclosed + 1, closed, ['closed']);
  await sql`vacuum analyze alert`.execute(store.db);
});
afterAll(() => store.close());

test('a page of the queue reads the alerts of the page, however many are closed', async () => {
  const page = { sites: [site], states: queue, order: 'urgency', limit: 50 } as const;
  expect(await rowsRead((tx) => listAlerts(tx, page))).toBeLessThanOrEqual(60);
  const [last] = (await listAlerts(store.db, page)).slice(-1);
  const after = last && positionOf(last, 'urgency');
  expect(await rowsRead((tx) => listAlerts(tx, { ...page, after }))).toBeLessThanOrEqual(60);
  for (const states of [['open'], ['acknowledged', 'in_progress']] as const) {
    expect(await rowsRead((tx) => listAlerts(tx, { ...page, states }))).toBeLessThanOrEqual(60);
  }
});

test('what is done is read newest first, and closed ones by urgency, a page at a time', async () => {
  const done = { sites: [site], order: 'newest', limit: 50 } as const;
  for (const states of [['resolved'], ['resolved', 'closed']] as const) {
    expect(await rowsRead((tx) => listAlerts(tx, { ...done, states }))).toBeLessThanOrEqual(60);
  }
  const all = { sites: [site], states: ['closed'], order: 'urgency', limit: 50 } as const;
  expect(await rowsRead((tx) => listAlerts(tx, all))).toBeLessThanOrEqual(unclosed + 60);
});

test('counting reads no closed alert', async () => {
  expect(await rowsRead((tx) => countAlerts(tx, site))).toBeLessThanOrEqual(2 * unclosed);
  expect(await rowsRead((tx) => countMatches(tx, { sites: [site], states: queue }))).toBeLessThanOrEqual(
    unclosed,
  );
  const counts = await countAlerts(store.db, site);
  expect(Object.values(counts.byState).reduce((sum, count) => sum + count, 0)).toBe(unclosed);
});

test('a further event that joins an alert writes to no index', async () => {
  const { updated, hot } = await workOf((tx) =>
    sql`update alert set event_count = event_count + 1, version = version + 1, updated_at = now(), last_event_at = now()
      where state = 'open'`.execute(tx),
  );
  expect(updated).toBe(unclosed / queue.length);
  // A page of the table without room is the one reason for a version that the indexes have to be told of.
  expect(hot).toBeGreaterThan(0);
  const state = await workOf((tx) =>
    sql`update alert set state = 'open' where state = 'resolved'`.execute(tx),
  );
  expect([state.updated, state.hot]).toEqual([unclosed / queue.length, 0]);
});
