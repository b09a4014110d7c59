import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { openStore } from '../src/store/open-store.ts';
import { BlackholeProxy } from '../src/testing/blackhole-proxy.ts';
import { storeContract } from '../src/testing/store-contract.ts';

const variable = 'WATCHPOST_TEST_DATABASE_URL';
// Missing means failure, not a skip: a run without a server must not look like one that passed.
const url = process.env[variable];
if (!url) throw new Error(`${variable} must name a PostgreSQL server whose database this test may fill`);

/** What the server says of itself, asked apart from the code under test. */
async function editionOf(address: string): Promise<'none' | 'apache' | 'community'> {
  const store = await openStore({ kind: 'server', url: address });
  try {
    const { rows } = await sql<{ extension: boolean; license: string | null }>`
      select exists (select from pg_extension where extname = 'timescaledb') as extension,
        current_setting('timescaledb.license', true) as license`.execute(store.db);
    if (!rows[0]?.extension) return 'none';
    return rows[0].license === 'timescale' ? 'community' : 'apache';
  } finally {
    await store.close();
  }
}

const edition = await editionOf(url);

describe(`the server at ${variable}, TimescaleDB edition: ${edition}`, () => {
  storeContract(() => openStore({ kind: 'server', url }), {
    hypertables: edition !== 'none',
    continuousAggregates: edition === 'community',
    compression: edition === 'community',
    policies: edition === 'community',
  });

  test('events and telemetry are hypertables with chunks of one day where the extension is there', async () => {
    const store = await openStore({ kind: 'server', url });
    try {
      if (edition === 'none') return;
      const { rows } = await sql<{ name: string; days: number }>`
        select hypertable_name as name, extract(day from time_interval)::integer as days
        from timescaledb_information.dimensions where hypertable_schema = 'public' order by 1`.execute(
        store.db,
      );
      expect(rows).toEqual([
        { name: 'event', days: 1 },
        { name: 'telemetry', days: 1 },
      ]);
    } finally {
      await store.close();
    }
  });

  test('a connection that breaks in the middle of a query does not end the process; queries work again', async () => {
    const store = await openStore({ kind: 'server', url });
    const other = await openStore({ kind: 'server', url });
    try {
      const query = sql`select pg_sleep(30) as broken_by_the_test`.execute(store.db);
      const refused = expect(query).rejects.toThrow();
      const { db } = other;
      let broken = 0;
      while (broken === 0) {
        const { rows } = await sql`select pg_terminate_backend(pid) from pg_stat_activity
          where query like '%broken_by_the_test%' and pid <> pg_backend_pid()`.execute(db);
        broken = rows.length;
      }
      await refused;
      const isBack = () =>
        store.ping().then(
          () => true,
          () => false,
        );
      while (!(await isBack()));
    } finally {
      await store.close();
      await other.close();
    }
  });

  test('a statement that takes too long is given up with its own code, and the next one works', async () => {
    const store = await openStore({ kind: 'server', url, statement: { runMs: 300, answerMs: 30_000 } });
    try {
      const slow = sql`select pg_sleep(60)`;
      await expect(slow.execute(store.db)).rejects.toMatchObject({ code: 'store.statement_timeout' });
      const inTransaction = store.db.transaction().execute((tx) => slow.execute(tx));
      await expect(inTransaction).rejects.toMatchObject({ code: 'store.statement_timeout' });
      expect((await sql`select 1`.execute(store.db)).rows).toHaveLength(1);
      // Deleting much has a limit of its own.
      expect((await sql`select pg_sleep(0.6)`.execute(store.jobs)).rows).toHaveLength(1);
    } finally {
      await store.close();
    }
  });

  test('a line that goes dead in the middle of a statement or a transaction holds nobody for ever', async () => {
    const proxy = new BlackholeProxy(url);
    const store = await openStore({
      kind: 'server',
      url: await proxy.start(),
      statement: { runMs: 60_000, answerMs: 500 },
    });
    try {
      await sql`select 1`.execute(store.db);
      const inTransaction = store.db.transaction().execute(async (tx) => {
        await sql`select 1`.execute(tx);
        proxy.drop();
        await sql`select 1`.execute(tx);
      });
      await expect(inTransaction).rejects.toMatchObject({ code: 'store.statement_timeout' });
      proxy.restore();
      const isBack = () =>
        sql`select 1`.execute(store.db).then(
          () => true,
          () => false,
        );
      await expect.poll(isBack, { timeout: 20_000 }).toBe(true);
    } finally {
      await store.close();
      await proxy.stop();
    }
  });

  test('a second service on the same database waits for the first one’s migration instead of failing', async () => {
    const stores = await Promise.all([1, 2, 3].map(() => openStore({ kind: 'server', url })));
    expect(new Set(stores.map(({ timescaleVersion }) => timescaleVersion)).size).toBe(1);
    await Promise.all(stores.map((store) => store.close()));
  });
});
