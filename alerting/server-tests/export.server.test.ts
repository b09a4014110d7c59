import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { exportTables, type StoreSource, type TablesToExport } from '../src/store/export/export-tables.ts';
import { type StoreTarget, TableImport } from '../src/store/export/import-tables.ts';
import { rehearseUpgrade } from '../src/store/export/rehearse-upgrade.ts';
import { openStore } from '../src/store/open-store.ts';
import { embeddedStore } from '../src/testing/empty-cluster.ts';
import { newEpoch, StoreRun } from '../src/testing/store-run.ts';
import { doorAlarm } from '../src/testing/test-events.ts';

const serverUrl = process.env.WATCHPOST_TEST_DATABASE_URL ?? '';
const folder = mkdtempSync(join(tmpdir(), 'watchpost-export-'));
const made: string[] = [];

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** An empty database of its own. */
async function emptyDatabase(): Promise<string> {
  const name = `watchpost_export_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${name}`);
  made.push(name);
  return Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
}

afterAll(async () => {
  for (const name of made) await onServer(`drop database ${name} with (force)`);
  rmSync(folder, { recursive: true, force: true });
});

async function allRows({ shape, rows }: TablesToExport): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  for (const { name } of shape.tables)
    found[name] = Buffer.concat(await Array.fromAsync(rows(name)))
      .toString()
      .split('\n')
      .sort();
  return found;
}

const allOf = async (tables: TablesToExport) => ({
  rows: await allRows(tables),
  sequences: tables.shape.sequences,
});

const copyTo = (target: StoreTarget) => async (tables: TablesToExport) => {
  const filling = await TableImport.begin(target, tables.shape);
  for (const { name } of tables.shape.tables) await filling.table(name, tables.rows(name));
  await filling.finish();
  return allOf(tables);
};

/** Events of three days, so that a hypertable has chunks, and more rows than go over the line at once. */
async function filledDatabase(url: string): Promise<StoreRun> {
  const run = new StoreRun();
  await run.open(() => openStore({ kind: 'server', url }));
  const { alerts } = await run.commit([run.incoming(doorAlarm({ epoch: newEpoch() }))], run.alwaysAlerting);
  await run.step(alerts[0]?.id ?? '', {
    id: randomUUID(),
    to: 'acknowledged',
    reason: 'tab\tline\n\\ “引号”',
  });
  await sql`insert into telemetry (time, site, gateway, device, metric, unit, value)
    select timestamptz '2026-11-20T00:00:00Z' + n * interval '10 seconds', ${run.site}, 'edge1', 'd1', 'temperature',
      case when n % 2 = 0 then 'Cel' end, n / 3.0 from generate_series(1, 25000) as n`.execute(run.store.db);
  return run;
}

test('server → embedded → another server: every row and counter arrives, while the first is written to', async () => {
  const url = await emptyDatabase();
  const run = await filledDatabase(url);
  const { image } = await embeddedStore();
  const embedded: StoreSource & StoreTarget = {
    kind: 'embedded',
    folder,
    scratch: join(folder, 'scratch'),
    image,
  };
  const first = await exportTables({ kind: 'server', url }, async (tables) => {
    // What is committed from here on is not in the snapshot.
    await run.commit([run.incoming(doorAlarm({ epoch: newEpoch() }))], run.alwaysAlerting);
    return copyTo(embedded)(tables);
  });
  expect(first.rows.telemetry).toHaveLength(25_001);
  expect(first.rows.event).toHaveLength(2);
  const second = { kind: 'server', url: await emptyDatabase() } as const;
  expect(await exportTables(embedded, copyTo(second))).toEqual(first);
  expect(await exportTables(second, allOf)).toEqual(first);
  await run.close();
});

test('an upgrade of a server is reckoned, and nothing is there to migrate after it', async () => {
  const url = await emptyDatabase();
  expect(await rehearseUpgrade({ kind: 'server', url })).toMatchObject({ isTried: false });
  await (await openStore({ kind: 'server', url })).close();
  expect(await rehearseUpgrade({ kind: 'server', url })).toMatchObject({ pending: [], tookMs: 0 });
  const store = await openStore({ kind: 'server', url });
  await sql`delete from watchpost_migration where name = '012-alert-change'`.execute(store.db);
  await store.close();
  const found = await rehearseUpgrade({ kind: 'server', url });
  expect(found).toMatchObject({ pending: ['012-alert-change'] });
  expect(found.roomBytes).toBe(found.bytes);
});
