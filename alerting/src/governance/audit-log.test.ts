import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore, type Store } from '../store/open-store.ts';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { ChainCheck, chainBegin } from './audit-chain.ts';
import { runAuditCommand } from './audit-command.ts';
import { anchorOf, append, entriesAfter, headOf, type NewAuditEntry } from './audit-log.ts';
import { closeAudit } from './close-audit.ts';
import { auditPolicy } from './policy.ts';

let store: Store;
beforeAll(async () => {
  store = await openStore(await embeddedStore());
});
afterAll(() => store.close());

const entry: NewAuditEntry = {
  at: '2026-11-27T08:00:00.123Z',
  actor: { account: 'a-1', name: 'anna' },
  site: null,
  action: 'log_in',
  subject: { kind: 'account', id: 'a-1' },
  reason: null,
  outcome: 'done',
  details: { way: 'password', tries: 2, zones: ['hall', 'gate'], first: true, before: null },
};

async function check(): Promise<ChainCheck> {
  const followed = new ChainCheck();
  for (const one of await entriesAfter(store.db, 0, 1_000)) if (!followed.take(one)) break;
  followed.end();
  return followed;
}

it('entries come back as they were appended, and the chain holds', async () => {
  await append(store.db, entry);
  await append(store.db, { ...entry, actor: 'system', subject: null, reason: '因为 “so” \\ \n \u{1f600}' });
  await append(store.db, { ...entry, actor: 'server console', outcome: 'refused', details: {} });
  const entries = await entriesAfter(store.db, 0, 10);
  expect(entries).toMatchObject([
    { position: 1, ...entry },
    { position: 2, actor: 'system', subject: null, reason: '因为 “so” \\ \n \u{1f600}' },
    { position: 3, actor: 'server console', outcome: 'refused', details: {} },
  ]);
  const followed = await check();
  expect([followed.fault, followed.entries, followed.head]).toEqual([undefined, 3, await headOf(store.db)]);
});

it('an entry goes with its transaction, and leaves no gap when that is rolled back', async () => {
  const before = await headOf(store.db);
  const failed = store.db.transaction().execute(async (tx) => {
    await append(tx, entry);
    throw new Error('rolled back');
  });
  await expect(failed).rejects.toThrow('rolled back');
  expect(await headOf(store.db)).toEqual(before);
  await Promise.all(Array.from({ length: 5 }, () => append(store.db, entry)));
  expect((await headOf(store.db)).position).toBe(before.position + 5);
  expect((await check()).fault).toBeUndefined();
});

it('a refused attempt is recorded whatever text it came with', async () => {
  await append(store.db, { ...entry, actor: { account: null, name: 'a\0\ud800' } });
  const { position } = await headOf(store.db);
  const [last] = await entriesAfter(store.db, position - 1, 1);
  expect(last?.actor).toEqual({ account: null, name: 'a\u{fffd}\u{fffd}' });
  expect((await check()).fault).toBeUndefined();
});

it('nothing but an entry of the closed shape gets in', async () => {
  const wrong = { ...entry, details: { ratio: 0.5 } };
  await expect(append(store.db, wrong)).rejects.toMatchObject({
    code: 'wire.schema',
    path: '/details/ratio',
  });
  const invented = { ...entry, action: 'ate_lunch' } as unknown as NewAuditEntry;
  await expect(append(store.db, invented)).rejects.toMatchObject({ code: 'wire.schema', path: '/action' });
});

it('the database refuses to change or remove an entry', async () => {
  for (const attempt of [
    sql`update audit set reason = 'forged'`,
    sql`delete from audit where position = 1`,
    sql`truncate audit`,
  ])
    await expect(attempt.execute(store.db)).rejects.toThrow('append-only');
  // What may delete the history of alerts may not delete this.
  const asRetention = store.db.transaction().execute(async (tx) => {
    await sql`set local watchpost.retention = 'on'`.execute(tx);
    await sql`delete from audit`.execute(tx);
  });
  await expect(asRetention).rejects.toThrow('append-only');
});

it.each([
  ['changed', sql`update audit set reason = 'forged' where position = 2`, 'changed', 2],
  ['removed', sql`delete from audit where position = 2`, 'missing', 2],
  [
    'swapped',
    sql`update audit set position = case position when 2 then 3 else 2 end where position in (2, 3)`,
    'changed',
    2,
  ],
])('a row that somebody with the database has %s is found', async (_, attack, fault, position) => {
  const broken = store.db.transaction().execute(async (tx) => {
    await sql`alter table audit disable trigger audit_append_only`.execute(tx);
    await sql`alter table audit drop constraint audit_pkey`.execute(tx);
    await attack.execute(tx);
    const followed = new ChainCheck();
    for (const one of await entriesAfter(tx, 0, 1_000)) if (!followed.take(one)) break;
    // Rolls back, for the next test.
    throw followed.fault;
  });
  await expect(broken).rejects.toEqual({ fault, position });
});

it('what is old is closed: the rest is followed from its anchor, which the chain itself names', async () => {
  const fromMs = Date.parse(entry.at);
  expect(await closeAudit(store.db, fromMs + auditPolicy.keptMs)).toBe(0);
  await append(store.db, { ...entry, at: new Date(fromMs + 86_400_000).toISOString() });
  const head = await headOf(store.db);
  const gone = await closeAudit(store.db, fromMs + auditPolicy.keptMs + 1);
  expect(gone).toBe(head.position - 1);
  const { anchor, entries } = await runAuditCommand(
    { command: 'audit', after: 0, note: true },
    { db: store.db, nowMs: () => fromMs },
  );
  expect(anchor).toEqual(await anchorOf(store.db));
  expect(entries.map(({ action }) => action)).toEqual(['log_in', 'audit_closed', 'audit_exported']);
  expect(entries[1]?.details).toEqual({ ...anchor, entries: gone });
  const followed = new ChainCheck(anchor);
  for (const one of entries) followed.take(one);
  expect([followed.end(), followed.entries]).toEqual([undefined, 3]);
  const fromTheStart = new ChainCheck(chainBegin);
  for (const one of entries) fromTheStart.take(one);
  expect(fromTheStart.end()).toEqual({ fault: 'missing', position: 1 });
});
