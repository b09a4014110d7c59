import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../src/store/open-store.ts';
import { EscalationRun } from '../src/testing/escalation-run.ts';
import { StoreRun } from '../src/testing/store-run.ts';

const url = process.env.WATCHPOST_TEST_DATABASE_URL;
if (!url)
  throw new Error(
    'WATCHPOST_TEST_DATABASE_URL must name a PostgreSQL server whose database this test may fill',
  );

const run = new StoreRun();
beforeAll(() => run.open(() => openStore({ kind: 'server', url })));
afterAll(() => run.close());

test('steps, reminders and officers at once: none waits for another for ever', async () => {
  const all = new EscalationRun(run);
  const post = await all.notices.receiver('post', []);
  await all.policy([
    [0, [{ kind: 'receiver', receiver: post }], { repeat: { everySeconds: 60, times: null } }],
  ]);
  const ids: string[] = [];
  for (let index = 0; index < 12; index++) ids.push(await all.open('high'));
  const refused: unknown[] = [];
  const step = (id: string, to: 'acknowledged' | 'in_progress' | 'resolved') =>
    run.step(id, { to, disposition: 'test' }).catch((error: { code?: string }) => {
      // What somebody else did meanwhile; a deadlock would be of the database.
      if (!/^alert\./.test(error.code ?? '')) refused.push(error);
    });
  const look = () => all.worker.look().catch((error: unknown) => void refused.push(error));
  for (let minute = 0; minute < 60; minute++) {
    all.notices.sleep(60_000);
    const some = ids.filter((_, index) => (index + minute) % 4 === 0);
    const to = minute % 20 === 19 ? 'in_progress' : 'acknowledged';
    await Promise.all([look(), ...some.map((id) => step(id, to)), look()]);
  }
  await Promise.all(ids.map((id) => step(id, 'resolved')));
  for (let looks = 0; looks < 5; looks++) await look();
  expect(refused).toEqual([]);
  expect(all.worker.state.failures).toBe(0);
  await all.auditor.look();
  expect(all.faults.filter((code) => code === 'escalation.step_lost')).toEqual([]);
  await all.end();
}, 120_000);
