import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, expect, test } from 'vitest';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { EmbeddedCheckpoints } from './embedded-checkpoints.ts';
import { exportTables } from './export/export-tables.ts';
import { TableImport } from './export/import-tables.ts';
import { rehearseUpgrade } from './export/rehearse-upgrade.ts';
import { knownMigrations, migrationsOf } from './migrate.ts';
import { openStore } from './open-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchpost-upgrade-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const ofBefore = knownMigrations.slice(0, knownMigrations.indexOf('011-event-hours') + 1);

async function* row(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

test('a database of an older version is rehearsed, copied and then migrated; the copy can go back', async () => {
  const { image } = await embeddedStore();
  const tables = [{ name: 'account', columns: ['name', 'role', 'password'] }];
  const shape = { migrations: ofBefore, tables, sequences: [] };
  // Of an older version: `finish` would bring it to this one.
  const filling = await TableImport.begin({ kind: 'embedded', folder, image }, shape);
  await filling.table('account', row('anna\tadmin\tx\n'));
  await filling.finishAsItWas();

  const source = { kind: 'embedded', folder, scratch: join(folder, 'scratch') } as const;
  const found = await rehearseUpgrade(source);
  expect(found.pending).toEqual(knownMigrations.filter((name) => !ofBefore.includes(name)));
  expect(found).toMatchObject({ isTried: true });
  expect(found.roomBytes).toBeGreaterThanOrEqual(found.bytes);
  expect(existsSync(join(folder, 'before-upgrade'))).toBe(false);

  const lines: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line) => void lines.push(JSON.parse(line).msg) });
  const store = await openStore(await embeddedStore(folder), logger);
  expect(await migrationsOf(store.db)).toEqual(knownMigrations);
  expect(lines).toContain('the database was copied before it is migrated');
  await sql`insert into account values ('ben', 'x')`.execute(store.db);
  await store.close();
  expect(readdirSync(join(folder, 'before-upgrade'))).toEqual(['011-event-hours']);

  const copy = join(folder, 'before-upgrade', '011-event-hours');
  await exportTables({ kind: 'embedded', folder: copy, scratch: join(folder, 'scratch') }, async (before) => {
    expect(before.shape.migrations).toEqual(ofBefore);
    expect(Buffer.concat(await Array.fromAsync(before.rows('account'))).toString()).toBe('anna\tadmin\tx\n');
  });
});

test('the log of a running embedded database does not grow for ever', async () => {
  const place = join(folder, 'log');
  const store = await openStore(await embeddedStore(place));
  const checkpoints = new EmbeddedCheckpoints({
    db: store.db,
    logger: pino({ level: 'silent' }),
    everyMs: 60_000,
  });
  const segments = () =>
    readdirSync(join(place, 'pg', 'pg_wal')).filter((name) => /^[0-9A-F]{24}$/.test(name));
  await sql`create table filler (text text)`.execute(store.db);
  for (let round = 0; round < 8; round++) {
    await sql`insert into filler select repeat(md5(n::text), 30) from generate_series(1, 12000) as n`.execute(
      store.db,
    );
    await sql`truncate filler`.execute(store.db);
    await checkpoints.runOnce();
  }
  expect(segments().length).toBeLessThanOrEqual(5);
  await store.close();
});
