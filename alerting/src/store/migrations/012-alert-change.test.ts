import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { expect, test } from 'vitest';
import { embeddedStore } from '../../testing/empty-cluster.ts';
import { newEpoch, StoreRun } from '../../testing/store-run.ts';
import { doorAlarm } from '../../testing/test-events.ts';
import { answerOf, transitionsOf } from '../alert-store.ts';
import { openStore } from '../open-store.ts';
import { relayOffset } from '../relay-offsets.ts';
import { alertChange } from './012-alert-change.ts';

/** The history as it was before the log, with the rows that the log has. */
const before = [
  // With what later tables refer to.
  sql`alter table alert drop constraint alert_pkey cascade, add primary key (id)`,
  sql`create table alert_transition (
    position bigint generated always as identity primary key,
    alert uuid not null references alert (id),
    from_state text, to_state text not null, actor text not null, time timestamptz not null, reason text,
    request uuid unique, answer jsonb, disposition text
  )`,
  sql`insert into alert_transition overriding system value
    select 10 * position, alert, from_state, to_state, actor, at, reason, request,
      case when request is not null then snapshot end, disposition from alert_change order by position`,
  sql`create trigger alert_transition_append_only before update or delete or truncate on alert_transition
    for each statement execute function refuse_change()`,
  sql`drop table alert_change`,
  sql`drop table relay_offset`,
  sql`drop function lock_alert_changes()`,
];

/** What the keys became later. */
const after = [
  sql`alter table alert drop constraint alert_pkey, add primary key (site, id)`,
  sql`alter table alert_change drop constraint alert_change_request_key, add unique (site, request)`,
];

async function moveOver(db: Kysely<unknown>): Promise<void> {
  for (const statement of before) await statement.execute(db);
  await alertChange(db);
  for (const statement of after) await statement.execute(db);
}

test('steps of before move over with their positions, their answers hold, and the next has a larger position', async () => {
  const run = new StoreRun();
  await run.open(async () => openStore(await embeddedStore()));
  const { db, changes } = run.store;
  const epoch = newEpoch();
  const { alerts } = await run.commit([run.incoming(doorAlarm({ epoch }))], run.alwaysAlerting);
  const id = alerts[0]?.id ?? '';
  const request = randomUUID();
  const { detail } = await run.step(id, { id: request, to: 'acknowledged', reason: 'seen' }, 'anna');
  await run.step(id, { disposition: undefined, reason: 'a note' }, 'ben');
  const history = await transitionsOf(db, run.site, id);
  expect(history).toHaveLength(3);

  await moveOver(db as unknown as Kysely<unknown>);

  expect(await transitionsOf(db, run.site, id)).toEqual(history);
  expect(await answerOf(db, run.site, request)).toMatchObject({
    alert: detail.alert,
    to: 'acknowledged',
    position: 20,
  });
  // They are not told again: of some nobody knows how the alert was.
  expect(await relayOffset(db, run.site, 'retention')).toBe(30);
  expect(await relayOffset(db, run.site, 'mqtt')).toBeUndefined();
  await run.commit([run.incoming(doorAlarm({ epoch, seq: 2 }))], run.alwaysAlerting);
  const told = (await changes.page(run.site, 30, 10)).changes;
  expect(told).toMatchObject([{ position: 31, alert: { id, eventCount: 2 } }]);
  await run.close();
});

test('a database in which nothing ever happened begins at the first position', async () => {
  const run = new StoreRun();
  await run.open(async () => openStore(await embeddedStore()));
  await moveOver(run.store.db as unknown as Kysely<unknown>);
  await run.commit([run.incoming(doorAlarm({ epoch: newEpoch() }))], run.alwaysAlerting);
  expect(await run.store.changes.head()).toBe(1);
  await run.close();
});
