import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exportTables, noTables } from '../../alerting/src/store/export/export-tables.ts';
import { TableImport } from '../../alerting/src/store/export/import-tables.ts';
import { knownMigrations } from '../../alerting/src/store/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const bin = fileURLToPath(new URL('../../cli/bin/watchpost.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'watchpost-move-'));
const server = join(folder, 'server');
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
}, 180_000);
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
}, 180_000);

function run(...args: readonly string[]): Record<string, unknown> {
  const { DATABASE_URL: _, WATCHPOST_DATA: __, ...env } = process.env;
  return JSON.parse(execFileSync(process.execPath, [bin, ...args, '--json'], { env, encoding: 'utf8' }));
}
const serverFile = () => readFileSync(join(server, 'server.yaml'), 'utf8');
const store = { kind: 'embedded', folder: join(server, 'data', 'store') } as const;

async function* oneAccount(): AsyncGenerator<Buffer> {
  yield Buffer.from('anna\tx\n');
}

it('the database of a server moves to PostgreSQL and back, and server.yaml says where it is', async () => {
  run('init', server, '--host', 'watch.example');
  const untouched = serverFile();
  const tables = [{ name: 'account', columns: ['name', 'password'] }];
  const filling = await TableImport.begin(store, { ...noTables.shape, migrations: knownMigrations, tables });
  await filling.table('account', oneAccount());
  await filling.finish();
  writeFileSync(join(server, 'secrets', 'database'), database.url, { mode: 0o600 });

  expect(run('store', 'move', server, '--to', 'server', '--secret', 'database')).toMatchObject({ rows: 1 });
  expect(serverFile()).toContain('secret: database');
  expect(serverFile()).toContain(untouched.split('\n')[0] ?? '');
  expect(run('store', 'move', server, '--to', 'embedded')).toMatchObject({ rows: 1 });
  expect(serverFile()).not.toContain('secret: database');

  const scratch = join(folder, 'scratch');
  await exportTables({ ...store, scratch }, async ({ rows }) => {
    expect(Buffer.concat(await Array.fromAsync(rows('account'))).toString()).toMatch(/^anna\tx\t[^\n]+\n$/);
  });
}, 180_000);
