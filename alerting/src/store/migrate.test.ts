import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { knownMigrations, migrate, migrationsOf } from './migrate.ts';
import { openStore } from './open-store.ts';

test('a database of a newer version is refused with its own code, and nothing in it is touched', async () => {
  const { db, capabilities, close } = await openStore(await embeddedStore());
  expect(await migrationsOf(db)).toEqual(knownMigrations);
  await sql`insert into watchpost_migration values ('999-of-later', '2027-01-01T00:00:00.000Z')`.execute(db);
  // What an older version would try to run again.
  await sql`delete from watchpost_migration where name = '012-alert-change'`.execute(db);
  await expect(migrate(db, capabilities)).rejects.toMatchObject({
    code: 'store.newer',
    details: { found: '999-of-later' },
  });
  expect(await migrationsOf(db)).toEqual([
    ...knownMigrations.filter((name) => name !== '012-alert-change'),
    '999-of-later',
  ]);
  await close();
});
