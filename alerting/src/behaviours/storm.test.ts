import { afterEach, expect, test } from 'vitest';
import type { IncomingEvent } from '../ingest/ingest-batch.ts';
import { findIncidentWithAlerts } from '../store/incident-store.ts';
import { viewIncidents } from '../store/incident-view-store.ts';
import { BehaviourRun } from '../testing/behaviour-run.ts';
import { newEpoch } from '../testing/store-run.ts';
import { smokeAlarm } from '../testing/test-events.ts';

const devices = 100;
const rounds = 20;
const eachRound = 5;

let behaviour: BehaviourRun;
afterEach(() => behaviour.close());

test('100 devices × 100 events of one happening within a minute are one incident that counts them all, and four notices at most', async () => {
  behaviour = await BehaviourRun.open();
  const { run, tell } = behaviour;
  await tell.receiver('post');
  const epoch = newEpoch();
  let seq = 0;
  for (let round = 0; round < rounds; round++) {
    const time = new Date(tell.nowMs).toISOString();
    const events = Array.from({ length: devices * eachRound }, (_, index): IncomingEvent => {
      seq += 1;
      const made = run.incoming(smokeAlarm({ epoch, seq, time }), tell.nowMs);
      const id = `storm-${index % devices}` as typeof made.device.id;
      const source = made.event.source.replace('smoke1', id);
      const event = { ...made.event, source } as typeof made.event;
      return { ...made, event, device: { ...made.device, id } };
    });
    await run.commit(events, run.alwaysAlerting, undefined, tell.nowMs);
    await behaviour.settle();
    // The first one goes before anything else of the storm comes.
    if (round === 0) expect(behaviour.kinds('post')).toEqual(['opened']);
    tell.sleep(60_000 / rounds);
  }
  await behaviour.pass(600_000, 30_000);
  const rows = await run.store.db.selectFrom('incident').select('id').execute();
  expect(rows).toHaveLength(1);
  const found = await findIncidentWithAlerts(run.store.db, run.site, rows[0]?.id ?? '', 1);
  const [view] = found ? await viewIncidents(run.store.db, run.site, [found.incident], {}) : [];
  expect([view?.alerts, view?.events]).toEqual([devices, devices * rounds * eachRound]);
  expect(behaviour.kinds('post').length).toBeLessThanOrEqual(4);
}, 180_000);
