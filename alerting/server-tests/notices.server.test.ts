import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NoticeSender } from '../src/notify/outbox/notice-sender.ts';
import { openStore, type Store } from '../src/store/open-store.ts';
import { NoticeRun } from '../src/testing/notice-run.ts';
import { newEpoch, StoreRun } from '../src/testing/store-run.ts';
import { candidate } from '../src/testing/test-events.ts';
import { testInstructions } from '../src/testing/test-site.ts';

const url = process.env.WATCHPOST_TEST_DATABASE_URL;
if (!url)
  throw new Error(
    'WATCHPOST_TEST_DATABASE_URL must name a PostgreSQL server whose database this test may fill',
  );

const run = new StoreRun();
/** Of another service on the same database. */
let other: Store;
beforeAll(async () => {
  await run.open(() => openStore({ kind: 'server', url }));
  other = await openStore({ kind: 'server', url });
});
afterAll(async () => {
  await other.close();
  await run.close();
});

test('two services share what is to be sent: each notice is sent once, by one of them', async () => {
  const tell = new NoticeRun(run);
  const names = Array.from({ length: 8 }, (_, index) => `post-${index}`);
  for (const name of names) await tell.receiver(name);
  for (let index = 0; index < 15; index++) {
    const sketch = candidate('watch', { epoch: newEpoch(), device: 'cam1' });
    const event = { ...sketch, data: { ...sketch.data, entry: `entry-${index}` } } as typeof sketch;
    await run.commit([run.incoming(event)], run.alwaysAlerting);
  }
  const senders = [run.store, other].map(
    ({ db }) =>
      new NoticeSender({
        ...{ db, channels: tell.channels, isAlone: false, logger: pino({ level: 'silent' }) },
        sites: new Map([
          [
            run.site as string,
            { site: run.directory.site, instructions: testInstructions, console: undefined },
          ],
        ]),
        clocks: { wallMs: () => tell.nowMs, monotonicMs: () => 0 },
      }),
  );
  const waiting = async () =>
    (
      await run.store.db
        .selectFrom('notice')
        .select('id')
        .where('site', '=', run.site)
        .where('state', '<>', 'sent')
        .execute()
    ).length;
  while ((await waiting()) > 0) {
    await Promise.all(senders.map((sender) => sender.look()));
    await Promise.all(senders.map((sender) => sender.sent()));
  }
  const ids = tell.channels.tried.map(({ notice }) => notice.id);
  expect([ids.length, new Set(ids).size]).toEqual([15 * 8, 15 * 8]);
  await tell.end();
}, 60_000);
