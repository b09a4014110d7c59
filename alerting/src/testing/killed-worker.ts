import { pino } from 'pino';
import { DueWorker } from '../jobs/due-worker.ts';
import { openStore } from '../store/open-store.ts';

/**
 * A program for tests: on the embedded store of the folder that is named it carries a step out, says so
 * before its transaction is committed, and waits to be killed.
 */
const [, , folder = '', site = ''] = process.argv;
const store = await openStore({ kind: 'embedded', folder });
const worker = new DueWorker({
  ...{ db: store.db, changes: store.changes, logger: pino({ level: 'silent' }) },
  clocks: { wallMs: Date.now, monotonicMs: () => performance.now() },
});
worker.handle(site, 'alert.clear', async (tx, steps) => {
  for (const { key } of steps) await tx.insertInto('server_key').values({ name: key, value: '' }).execute();
  process.stdout.write('carried out\n');
  await new Promise((resolve) => setTimeout(resolve, 600_000));
  return undefined;
});
worker.start();
