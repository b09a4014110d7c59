import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterAll, expect, test } from 'vitest';
import { writeDue } from '../store/due-store.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { DueWorker } from './due-worker.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchpost-due-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const site = 'test';
const clocks = { wallMs: Date.now, monotonicMs: () => performance.now() };
const logger = pino({ level: 'silent' });
const done = async ({ db }: Store) =>
  (await db.selectFrom('server_key').select('name').where('name', '=', 'step').execute()).length;

test('a service that is killed between taking a step and its commit has not done it; the next one does, once', async () => {
  const before = await openStore(await embeddedStore(folder));
  await writeDue(before.db, [{ site, kind: 'alert.clear', key: 'step', atMs: Date.now() - 1, version: 1 }]);
  await before.close();
  const program = fileURLToPath(new URL('../testing/killed-worker.ts', import.meta.url));
  const killed = spawn(process.execPath, [program, folder, site], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(killed.stdout, 'data');
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  const store = await openStore({ kind: 'embedded', folder });
  try {
    expect(await done(store)).toBe(0);
    const worker = new DueWorker({ db: store.db, changes: store.changes, clocks, logger });
    worker.handle(site, 'alert.clear', async (tx, steps) => {
      for (const { key } of steps)
        await tx.insertInto('server_key').values({ name: key, value: '' }).execute();
      return undefined;
    });
    await worker.look();
    await worker.look();
    expect(await done(store)).toBe(1);
  } finally {
    await store.close();
  }
}, 60_000);

test('who is told of a row looks at its time; what nobody told of is found within a second', async () => {
  const store = await openStore(await embeddedStore());
  const lateMs = new Map<string, number>();
  const worker = new DueWorker({ db: store.db, changes: store.changes, clocks, logger });
  worker.handle(site, 'alert.clear', async (_tx, steps) => {
    for (const { key, atMs } of steps) lateMs.set(key, Date.now() - atMs);
    return undefined;
  });
  worker.start();
  try {
    await expect.poll(() => worker.state.lookedAgoMs).toBeLessThan(500);
    const write = (key: string, atMs: number) =>
      writeDue(store.db, [{ site, kind: 'alert.clear', key, atMs, version: 1 }]);
    await write('untold', Date.now() + 100);
    const toldMs = Date.now() + 300;
    await write('told', toldMs);
    worker.expect(toldMs);
    await expect.poll(() => [...lateMs.keys()].sort(), { timeout: 10_000 }).toEqual(['told', 'untold']);
    expect(Math.min(...lateMs.values())).toBeGreaterThanOrEqual(0);
  } finally {
    await worker.stop();
    await store.close();
  }
});
