import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exportTables } from '../../alerting/src/store/export/export-tables.ts';
import { TableImport } from '../../alerting/src/store/export/import-tables.ts';
import { knownMigrations } from '../../alerting/src/store/migrate.ts';
import { OwnServer } from '../support/own-server.ts';
import { queryServer } from '../support/stored-content.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

// A database server that a version before this one has left, and `watchpost up` of this version.
const bin = fileURLToPath(new URL('../../cli/bin/watchpost.mjs', import.meta.url));
const fixture = fileURLToPath(new URL('../fixtures/data-folder-012.tar.br', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'watchpost-before-upgrade-'));
const server = new OwnServer('demo');
const backups = join(server.folder, 'data', 'backups');
let database: TestDatabase;
let another: TestDatabase;
/** Migrations of the version before. */
let ran: readonly string[];

beforeAll(async () => {
  [database, another] = [await createTestDatabase(), await createTestDatabase()];
  execFileSync('tar', ['-x', '-C', scratch], { input: brotliDecompressSync(readFileSync(fixture)) });
  const old = { kind: 'embedded', folder: join(scratch, 'store'), scratch: join(scratch, 'copy') } as const;
  await exportTables(old, async ({ shape, rows }) => {
    const filling = await TableImport.begin({ kind: 'server', url: database.url }, shape);
    for (const { name } of shape.tables) await filling.table(name, rows(name));
    await filling.finishAsItWas();
    ran = shape.migrations;
  });
  server.init();
  writeFileSync(join(server.folder, 'secrets', 'database'), database.url, { mode: 0o600 });
  appendFileSync(join(server.folder, 'server.yaml'), '\ndatabase: { secret: database }\n');
}, 180_000);
afterAll(async () => {
  await server.remove();
  await Promise.all([database, another].map((each) => each.drop()));
  rmSync(scratch, { recursive: true, force: true });
}, 60_000);

const migrations = (url = database.url) =>
  queryServer(url, async (query) =>
    (await query('select name from watchpost_migration order by name')).map(({ name }) => name),
  );
const alerts = (url: string) =>
  queryServer(url, async (query) =>
    query('select device, state, disposition from alert order by device, state'),
  );

it('was left by a version before this one', async () => {
  expect(ran.length).toBeLessThan(knownMigrations.length);
  expect(await migrations()).toEqual(ran);
});

it('is not migrated while nobody could open its archive', async () => {
  await expect(server.up()).rejects.toThrow(/\[store\.backup_needed\][\s\S]*no_key/);
  expect(await migrations()).toEqual(ran);
  expect(existsSync(backups)).toBe(false);
});

it('is not migrated when its archive cannot be written, and the code says so', async () => {
  const { recoveryKey } = JSON.parse(
    server.run('backup', server.folder, '--to', join(scratch, 'own.archive'), '--json'),
  ) as { recoveryKey: string };
  writeFileSync(join(scratch, 'recovery-key'), recoveryKey, { mode: 0o600 });
  writeFileSync(backups, 'no folder');
  await expect(server.up()).rejects.toThrow(/\[store\.backup_needed\][\s\S]*not_writable/);
  rmSync(backups);
  // What stands in its place is no archive, and is not replaced.
  mkdirSync(backups);
  const archive = join(backups, `before-upgrade-of-${ran.at(-1)}.archive`);
  writeFileSync(archive, 'a letter');
  await expect(server.up()).rejects.toThrow('[backup.not_empty]');
  expect(readFileSync(archive, 'utf8')).toBe('a letter');
  rmSync(archive);
  expect(await migrations()).toEqual(ran);
});

it('is archived, then migrated, and is there again with the archive', async () => {
  const before = await alerts(database.url);
  expect(before).toHaveLength(3);
  await server.up();
  await server.stop();
  expect(await migrations()).toEqual(knownMigrations);
  expect(await alerts(database.url)).toEqual(before);

  const archive = join(backups, `before-upgrade-of-${ran.at(-1)}.archive`);
  const restored = join(scratch, 'restored');
  execFileSync(
    process.execPath,
    [bin, 'restore', archive, restored, '--key-file', join(scratch, 'recovery-key'), '--json'],
    { env: { ...process.env, WATCHPOST_DATA: join(restored, 'data'), DATABASE_URL: another.url } },
  );
  expect(await alerts(another.url)).toEqual(before);
  expect(readFileSync(join(restored, 'sites/demo/site.yaml'), 'utf8')).toBe(
    readFileSync(join(server.folder, 'sites/demo/site.yaml'), 'utf8'),
  );
  // Once migrated there is nothing to be archived.
  rmSync(archive);
  await server.up();
  expect(existsSync(archive)).toBe(false);
}, 180_000);
