import { type Kysely, sql } from 'kysely';
import { expect, test } from 'vitest';
import { embeddedStore } from '../../testing/empty-cluster.ts';
import { NoticeRun } from '../../testing/notice-run.ts';
import { newEpoch, StoreRun } from '../../testing/store-run.ts';
import { doorAlarm, smokeAlarm } from '../../testing/test-events.ts';
import { findIncidentWithAlerts } from '../incident-store.ts';
import { openStore } from '../open-store.ts';
import { incidents } from './030-incidents.ts';
import { incidentNotes } from './035-incident-notes.ts';

test('alerts of before each get an incident of their own: it pages nobody, and its end goes to who was told', async () => {
  const run = new StoreRun();
  await run.open(async () => openStore(await embeddedStore()));
  const { db } = run.store;
  const tell = new NoticeRun(run);
  await tell.receiver('post');
  const open = async (sketch: Parameters<typeof run.incoming>[0]) =>
    (await run.commit([run.incoming(sketch)], run.alwaysAlerting)).alerts[0]?.id ?? '';
  const smoke = await open(smokeAlarm({ epoch: newEpoch() }));
  const door = await open(doorAlarm({ epoch: newEpoch() }));
  await run.step(door, { to: 'acknowledged' });
  await tell.send();
  const before = [...tell.told('post')];
  for (const table of ['incident_note', 'incident_member'])
    await sql`drop table ${sql.table(table)}`.execute(db);
  await sql`drop table incident`.execute(db);

  await incidents(db as unknown as Kysely<unknown>);
  await incidentNotes(db as unknown as Kysely<unknown>);

  expect(await findIncidentWithAlerts(db, run.site, smoke, 9)).toMatchObject({
    incident: { id: smoke, concern: 'fire', state: 'open', alerts: 1, zones: ['stores'], closedAt: null },
    alerts: [{ id: smoke }],
  });
  expect((await findIncidentWithAlerts(db, run.site, door, 9))?.incident).toMatchObject({
    ...{ concern: 'intrusion', state: 'acknowledged', version: 2 },
  });
  await tell.pass(5_000);
  expect(tell.told('post')).toEqual(before);
  await run.step(smoke, { to: 'acknowledged' });
  await run.step(smoke, { to: 'resolved', disposition: 'test' });
  await tell.send();
  expect(tell.told('post').slice(before.length)).toEqual([`cleared ${smoke}`]);
  await run.close();
});
