import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, PGliteDialect, sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { EmbeddedThread } from './embedded-client.ts';
import { EmbeddedDatabase } from './embedded-database.ts';
import { type StorePolicy, storePolicy } from './policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchpost-embedded-'));
const lines: string[] = [];
const logger = pino({ level: 'warn' }, { write: (line) => void lines.push(JSON.parse(line).msg) });
let database: EmbeddedDatabase | undefined;

async function open(changes: Partial<StorePolicy> = {}): Promise<Kysely<unknown>> {
  const policy = {
    ...storePolicy,
    slowStatementMs: 60_000,
    reopenMs: { first: 1, largest: 10 },
    ...changes,
  };
  database = await EmbeddedDatabase.open({ folder, logger, sessionSettings: [], policy });
  return new Kysely<unknown>({ dialect: new PGliteDialect({ pglite: database }) });
}

/** The threads that are opened from now on. */
function watchThreads(): readonly EmbeddedThread[] {
  const threads: EmbeddedThread[] = [];
  const { open: openThread } = EmbeddedThread;
  vi.spyOn(EmbeddedThread, 'open').mockImplementation(async (data) => {
    const thread = await openThread.call(EmbeddedThread, data);
    threads.push(thread);
    return thread;
  });
  return threads;
}

afterEach(async () => {
  await database?.close();
  database = undefined;
  lines.length = 0;
  vi.restoreAllMocks();
});

// The first opening makes the cluster.
beforeAll(async () => {
  await open();
  await database?.close();
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a long statement keeps no timer of the service waiting', async () => {
  const db = await open();
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  await sql`select count(*) from generate_series(1, 3000000)`.execute(db);
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(5);
});

test('a statement over the limit is logged without values and reported until it is forgotten', async () => {
  const db = await open({ slowStatementMs: 20 });
  // What a start makes may take its time.
  await sql`select pg_sleep(${0.05})`.execute(db);
  expect([database?.slow.recent(), lines]).toEqual([undefined, []]);
  database?.migrated();
  await sql`select pg_sleep(${0.05}), ${'a secret'}::text`.execute(db);
  expect(database?.slow.recent()).toMatchObject({ count: 1 });
  expect(lines).toEqual(['slow statement']);
  database?.slow.clear();
  expect(database?.slow.recent()).toBeUndefined();
});

test('an abrupt end of the thread is told; what was committed is there again, what was not is not', async () => {
  const threads = watchThreads();
  const db = await open();
  await sql`create table kept (n integer)`.execute(db);
  await sql`insert into kept values (1)`.execute(db);
  const interrupted = db.transaction().execute(async (tx) => {
    await sql`insert into kept values (2)`.execute(tx);
    await threads[0]?.terminate();
    // Must not reach the next thread, where it would be a statement of its own.
    for (;;) {
      await sql`insert into kept values (3)`.execute(tx);
      await sleep(1);
    }
  });
  await expect(interrupted).rejects.toMatchObject({ code: 'store.unreachable' });
  expect(lines).toContain('the embedded database ended abruptly');
  const read = () => sql<{ n: number }>`select n from kept`.execute(db).then(({ rows }) => rows);
  await vi.waitFor(async () => expect(await read()).toEqual([{ n: 1 }]), { timeout: 30_000 });
  expect(lines).toContain('the embedded database is open again');
  expect(database?.restarts).toBe(1);
  await db.transaction().execute((tx) => sql`insert into kept values (4)`.execute(tx));
  expect(await read()).toEqual([{ n: 1 }, { n: 4 }]);
});

test('a transaction that cannot begin fails at once and keeps nobody waiting', async () => {
  const threads = watchThreads();
  const db = await open({ reopenMs: { first: 60_000, largest: 60_000 } });
  await sql`select 1`.execute(db);
  await threads[0]?.terminate();
  const attempt = () => db.transaction().execute((tx) => sql`select 1`.execute(tx));
  await expect(attempt()).rejects.toMatchObject({ code: 'store.unreachable' });
  await expect(attempt()).rejects.toMatchObject({ code: 'store.unreachable' });
});

test('a statement without an answer ends the thread, and the database is open again', async () => {
  const db = await open({ jobStatement: { runMs: 2_000, answerMs: 2_000 } });
  database?.migrated();
  await expect(sql`select pg_sleep(600)`.execute(db)).rejects.toMatchObject({ code: 'store.unreachable' });
  expect(lines).toContain('the embedded database ended abruptly');
  await vi.waitFor(() => sql`select 1`.execute(db), { timeout: 30_000 });
});
