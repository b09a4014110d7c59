import { PGlite } from '@electric-sql/pglite';
import { expandMacros, grafanaQueries } from '@watchpost/grafana';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStoreOn } from '../../alerting/src/store/open-store.ts';
import { readerRole } from '../../alerting/src/store/reader-role.ts';

let database: PGlite;
let closeStore: () => Promise<void>;

beforeAll(async () => {
  database = await PGlite.create();
  await database.exec(`create role ${readerRole} nologin; create role grafana login in role ${readerRole}`);
  const store = await openStoreOn(database);
  closeStore = store.close;
  await database.exec('set session authorization grafana');
});
afterAll(() => closeStore());

const refused = 'permission denied';

describe('the database account of Grafana', () => {
  const range = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', site: 'demo' };

  it.each(grafanaQueries.map((query) => [query.name, expandMacros(query, range)]))(
    'may ask: %s',
    async (_name, text) => {
      await database.query(text);
    },
  );

  it.each([
    'select * from account',
    'select token_hash from session',
    'select * from server_key',
    'select payload from reject',
    'delete from event',
    "update alert set state = 'closed'",
    'insert into session select',
    'truncate alert_change',
    'create table mine (id integer)',
    'drop table event',
  ])('may not: %s', async (text) => {
    await expect(database.query(text)).rejects.toThrow(new RegExp(`${refused}|must be owner`));
  });
});
