import { randomUUID } from 'node:crypto';
import { type KyselyPlugin, sql } from 'kysely';
import { expect, test } from 'vitest';
import { type CommitResult, commitIn } from '../ingest/commit-batch.ts';
import { emptyBatch } from '../ingest/ingest-batch.ts';
import { defaultPolicy } from '../policy.ts';
import { defaultRuleSet } from '../risk/rule-set.ts';
import { type AppendChanges, appendChanges } from '../store/change-log.ts';
import { closedSince } from '../store/retained-alerts.ts';
import type { Queryable } from '../store/schema.ts';
import { addClosedAlerts, addDays } from './large-history.ts';
import { newEpoch, type StoreRun } from './store-run.ts';
import { doorAlarm, smokeAlarm } from './test-events.ts';

/** What a commit cost the database. */
export interface CommitCost {
  readonly statements: number;
  /** Rows that scans and index look-ups returned, of all tables. */
  readonly rows: number;
  /** Tables, chunks and indexes that were opened to plan or run it. */
  readonly relations: number;
}

/** Counts the statements that go through it. */
class StatementCounter implements KyselyPlugin {
  count = 0;
  transformQuery: KyselyPlugin['transformQuery'] = ({ node }) => {
    this.count++;
    return node;
  };
  transformResult: KyselyPlugin['transformResult'] = async ({ result }) => result;
}

/** Rows read so far by this connection's transaction, catalogues left out. */
async function rowsRead(tx: Queryable): Promise<number> {
  const { rows } = await sql<{
    read: number;
  }>`select coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::float8 as read
    from pg_stat_xact_all_tables where schemaname not in ('pg_catalog', 'pg_toast', 'information_schema')
    and schemaname not like '%catalog%' and schemaname not like '%config%'`.execute(tx);
  return rows[0]?.read ?? Number.NaN;
}

/**
 * Commits events in a transaction that stays open until its cost was read. Locks on relations are held until
 * then, so they tell every chunk that a statement was planned over.
 */
export async function costOfCommit(
  run: StoreRun,
  events: Parameters<StoreRun['commit']>[0],
): Promise<CommitCost & { readonly committed: CommitResult }> {
  const counter = new StatementCounter();
  return run.store.db.transaction().execute(async (tx) => {
    // A plan that the connection kept opens less than one that is made: by chance of which connection it is.
    await sql`set local plan_cache_mode = force_custom_plan`.execute(tx);
    const before = await rowsRead(tx);
    const inTransaction = tx.withPlugin(counter) as Queryable;
    const context = {
      directory: run.directory,
      rules: defaultRuleSet,
      policy: defaultPolicy,
      newId: randomUUID,
      nowMs: Date.now(),
    };
    const append: AppendChanges = async (entries) => {
      await appendChanges(inTransaction, entries);
      return entries;
    };
    const committed = await commitIn(inTransaction, append, { ...emptyBatch, events }, context);
    const rows = (await rowsRead(tx)) - before;
    const { rows: locks } = await sql<{ held: number }>`select count(*)::int as held from pg_locks
      where locktype = 'relation' and pid = pg_backend_pid()`.execute(tx);
    return { committed, statements: counter.count, rows, relations: locks[0]?.held ?? Number.NaN };
  });
}

/** Columns of the table `alert` that an index holds or is limited by. */
async function indexedColumns(db: Queryable): Promise<string[]> {
  const { rows } = await sql<{ column: string }>`select distinct attname as column from pg_depend
    join pg_index on indexrelid = objid join pg_attribute on attrelid = refobjid and attnum = refobjsubid
    where classid = 'pg_class'::regclass and refobjid = 'alert'::regclass and indrelid = refobjid`.execute(
    db,
  );
  return rows.map(({ column }) => column);
}

/**
 * What a commit costs is the same however much was stored before. `many` closed alerts and 366 days are the
 * large store.
 */
export function costContract(run: StoreRun, few: number, many: number): void {
  test('an event that joins an alert changes nothing that an index holds, so no index is written', async () => {
    const { db } = run.store;
    const epoch = newEpoch();
    const row = async (id: string) =>
      db.selectFrom('alert').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    const join = (seq: number) => run.commit([run.incoming(doorAlarm({ epoch, seq }))]);
    await join(1);
    const id = (await join(2)).alerts[0]?.id ?? '';
    const before = await row(id);
    await join(3);
    const after: Record<string, unknown> = await row(id);
    const changed = Object.entries(before).flatMap(([column, value]) =>
      JSON.stringify(value) === JSON.stringify(after[column]) ? [] : [column],
    );
    expect(changed).toEqual(expect.arrayContaining(['event_count', 'updated_at', 'version']));
    const indexed = await indexedColumns(db);
    expect(indexed).toEqual(expect.arrayContaining(['id', 'site', 'state', 'opened_at']));
    expect(changed.filter((column) => indexed.includes(column))).toEqual([]);
  });

  test('what closed lately is found among many that are closed without reading those', async () => {
    const site = `closed-${run.name}`;
    await addClosedAlerts(run.store.db, { site, gateway: 'edge1', devices: ['door1'] }, 600);
    await run.store.db.transaction().execute(async (tx) => {
      // So few rows would be read one after the other; with many, an index is used where there is one.
      await sql`set local enable_seqscan = off`.execute(tx);
      const before = await rowsRead(tx);
      const ids = await closedSince(tx, site, new Date(Date.now() - 10.5 * 60_000));
      expect(ids).toHaveLength(10);
      expect((await rowsRead(tx)) - before).toBeLessThanOrEqual(20);
    });
  });

  test(`a commit costs the same at ${few} and at ${many} closed alerts, over 30 and over 366 days`, async () => {
    const grown = { site: run.site, gateway: 'edge1', devices: ['door1', 'smoke1', 'cam1'] };
    const epoch = newEpoch();
    let seq = 0;
    const batch = () => Array.from({ length: 20 }, () => run.incoming(doorAlarm({ epoch, seq: ++seq })));
    /** The kinds of work of a busy day: joins, repeats, a copy's event, a backlog under a new epoch. */
    const costs = async (): Promise<Record<string, CommitCost>> => {
      const joins = batch();
      const other = newEpoch();
      const renumbered = joins.map((item, index) => ({
        ...item,
        event: { ...item.event, epoch: other as typeof item.event.epoch, seq: index + 1 },
      }));
      const copies = [run.incoming(smokeAlarm({ epoch, seq: 1 }))];
      const kinds = { joins, repeats: joins, copies, renumbered };
      const measured: Record<string, CommitCost> = {};
      for (const [kind, events] of Object.entries(kinds)) {
        const { committed, ...cost } = await costOfCommit(run, events);
        expect(committed.receipts).toHaveLength(1);
        measured[kind] = cost;
      }
      return measured;
    };
    await run.commit(batch());
    await addClosedAlerts(run.store.db, grown, few);
    await addDays(run.store.db, grown, 1, 29);
    // The first time reads the catalogues into the caches.
    await costs();
    const small = await costs();
    await addClosedAlerts(run.store.db, grown, many - few);
    await addDays(run.store.db, grown, 30, 365);
    const large = await costs();
    for (const [kind, cost] of Object.entries(small)) {
      expect(large[kind]?.statements, `${kind}: statements`).toBe(cost.statements);
      expect(large[kind]?.relations, `${kind}: relations`).toBeLessThanOrEqual(cost.relations + 2);
      expect(large[kind]?.rows, `${kind}: rows`).toBeLessThanOrEqual(cost.rows * 1.5 + 50);
    }
    expect(small.joins?.statements).toBeLessThanOrEqual(14);
  });
}
