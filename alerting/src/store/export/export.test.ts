import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { embeddedStore } from '../../testing/empty-cluster.ts';
import { newEpoch, StoreRun } from '../../testing/store-run.ts';
import { doorAlarm } from '../../testing/test-events.ts';
import { knownMigrations } from '../migrate.ts';
import { openStore, type Store } from '../open-store.ts';
import type { SequenceState } from './describe-tables.ts';
import { exportTables, type TablesToExport } from './export-tables.ts';
import { TableImport } from './import-tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchpost-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const place = (name: string) => join(folder, name);

const textOf = async (chunks: AsyncIterable<Uint8Array>): Promise<string> =>
  Buffer.concat(await Array.fromAsync(chunks)).toString('utf8');

/** Every row of every table, in an order of its own. */
async function allRows({ shape, rows }: TablesToExport): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  for (const { name } of shape.tables) found[name] = (await textOf(rows(name))).split('\n').sort();
  return found;
}

async function filled(run: StoreRun): Promise<void> {
  const epoch = newEpoch();
  const { alerts } = await run.commit([run.incoming(doorAlarm({ epoch }))], run.alwaysAlerting);
  const id = alerts[0]?.id ?? '';
  await run.step(id, { id: randomUUID(), to: 'acknowledged', reason: 'a\ttab, a \\ and\na line' });
  await run.step(id, { to: 'resolved', disposition: 'genuine' });
  await sql`insert into account values ('anna', 'x')`.execute(run.store.db);
}

test('a running database is copied as it was, and comes back as it was, while commits go on', async () => {
  const run = new StoreRun();
  await run.open(async () => openStore(await embeddedStore(place('first'))));
  await filled(run);
  const source = { kind: 'embedded', folder: place('first'), scratch: place('scratch') } as const;
  const shape = await exportTables(source, async (tables) => {
    expect(tables.shape.migrations).toEqual(knownMigrations);
    // Its process commits while the copy is read, and the copy does not see it.
    const epoch = newEpoch();
    await run.commit([run.incoming(doorAlarm({ epoch }))], run.alwaysAlerting);
    const before = await allRows(tables);
    expect(before.event).toHaveLength(2);
    const { image } = await embeddedStore();
    const target = { kind: 'embedded', folder: place('second'), ...(image ? { image } : {}) } as const;
    const filling = await TableImport.begin(target, tables.shape);
    for (const { name } of tables.shape.tables) await filling.table(name, tables.rows(name));
    await filling.finish();
    const again = { kind: 'embedded', folder: place('second'), scratch: place('scratch2') } as const;
    expect(await exportTables(again, allRows)).toEqual(before);
    return tables.shape;
  });
  expect(existsSync(place('scratch'))).toBe(false);
  expect(await run.store.db.selectFrom('event').select('seq').execute()).toHaveLength(2);
  await run.close();

  // It goes on as the first would: triggers, counters and constraints are there.
  const store = await openStore(await embeddedStore(place('second')));
  expect(shape.sequences.length).toBeGreaterThan(1);
  for (const counter of shape.sequences)
    expect([counter.table, await countOf(store, counter)]).toEqual([counter.table, counter.last]);
  await expect(sql`delete from alert_change`.execute(store.db)).rejects.toThrow('append-only');
  const told = await sql<{ alerts: number }>`select alerts from device_disposition`.execute(store.db);
  expect(told.rows).toEqual([{ alerts: 1 }]);
  await store.close();
});

async function countOf({ db }: Store, { table, column }: SequenceState): Promise<number> {
  const names = await sql<{
    name: string;
  }>`select pg_get_serial_sequence(${table}, ${column}) as name`.execute(db);
  const { rows } = await sql<{ last: number }>`select last_value::integer as last
    from ${sql.raw(names.rows[0]?.name ?? '')}`.execute(db);
  return rows[0]?.last ?? Number.NaN;
}

test('rows are put into an empty database only, and rows of a later version into none', async () => {
  const shape = { migrations: knownMigrations, tables: [], sequences: [] };
  // The one that the test before filled.
  const target = { kind: 'embedded', folder: place('second') } as const;
  await expect(TableImport.begin(target, shape)).rejects.toMatchObject({ code: 'backup.not_empty' });
  const later = { ...shape, migrations: [...knownMigrations, '999-of-later'] };
  await expect(TableImport.begin(target, later)).rejects.toMatchObject({ code: 'backup.newer' });
});
