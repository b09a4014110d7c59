import { randomUUID } from 'node:crypto';
import { ruleSetFileSchema, type Site } from '@watchpost/contracts/site';
import { takeOfficerStep } from '../../../alerting/src/alerts/officer-step.ts';
import { commitBatch } from '../../../alerting/src/ingest/commit-batch.ts';
import { emptyBatch, type IncomingEvent } from '../../../alerting/src/ingest/ingest-batch.ts';
import { siteDirectory } from '../../../alerting/src/places/site-directory.ts';
import { defaultPolicy } from '../../../alerting/src/policy.ts';
import { replayEvents } from '../../../alerting/src/replay/replay-events.ts';
import { defaultRuleSet } from '../../../alerting/src/risk/rule-set.ts';
import { openStore, type Store } from '../../../alerting/src/store/open-store.ts';
import { embeddedStore } from '../../../alerting/src/testing/empty-cluster.ts';
import { doorAlarm, forgedPass, smokeAlarm, testEvent } from '../../../alerting/src/testing/test-events.ts';
import { testSite } from '../../../alerting/src/testing/test-site.ts';
import type { FieldBench } from '../field/field-bench.ts';
import { percentile } from '../figure.ts';

const events = 40_000;
const atOnce = 200;
const runs = 3;
/** So that the recorded time lasts two days. */
const betweenMs = (2 * 86_400_000) / events;

const cleared = (device: string, kind: 'smoke' | 'door') => ({
  type: 'watchpost.sensor.cleared.v1' as const,
  data: { kind },
  device,
});
const day = [
  doorAlarm(),
  cleared('door1', 'door'),
  doorAlarm({ data: { kind: 'motion' } }),
  smokeAlarm(),
  cleared('smoke1', 'smoke'),
  forgedPass(),
];

/** Records events as ingest does, with an officer who resolves an alert after each commit. */
async function record({ changes, db }: Store, site: Site['id'], fromMs: number): Promise<number> {
  const directory = siteDirectory({ ...testSite, id: site });
  const epoch = randomUUID().replaceAll('-', '');
  let nowMs = fromMs;
  for (let seq = 1; seq <= events; ) {
    const batch: IncomingEvent[] = [];
    for (; batch.length < atOnce; seq++) {
      nowMs += betweenMs;
      const sketch = day[seq % day.length] as ReturnType<typeof smokeAlarm>;
      const time = new Date(nowMs).toISOString();
      const event = testEvent({ ...sketch, time, epoch, seq });
      event.source = event.source.replace('/sites/test/', `/sites/${site}/`);
      const device = directory.device(sketch.device ?? 'smoke1');
      if (!device) throw new Error('no such device');
      batch.push({
        event,
        gateway: event.gateway,
        device,
        topic: 't',
        receivedMs: Date.parse(time),
        late: false,
      });
    }
    const context = { directory, rules: defaultRuleSet, policy: defaultPolicy, newId: randomUUID, nowMs };
    await commitBatch(changes, { ...emptyBatch, events: batch }, context);
    const open = await db
      .selectFrom('alert')
      .select(['id', 'version'])
      .where('site', '=', site)
      .where('state', '=', 'open')
      .executeTakeFirst();
    if (!open) continue;
    for (const [step, to] of (['acknowledged', 'resolved'] as const).entries()) {
      const request = { id: randomUUID(), version: open.version + step, to, disposition: 'genuine' as const };
      await takeOfficerStep(
        changes,
        site,
        open.id,
        to === 'resolved' ? request : { ...request, disposition: undefined },
        'officer',
        nowMs,
      );
    }
  }
  return nowMs;
}

/**
 * `replay_events_per_s`: events of two recorded days, each with the alerts and steps of its time, under
 * another rule set; the embedded database, or the server of `WATCHPOST_TEST_DATABASE_URL`. The rules in
 * force have to find nothing, or there is no figure.
 */
export const replayOfEvents: FieldBench = {
  name: 'replay',
  figures: ['replay_events_per_s'],
  run: async (say) => {
    const url = process.env.WATCHPOST_TEST_DATABASE_URL;
    const store = await openStore(url === undefined ? await embeddedStore() : { kind: 'server', url });
    try {
      const site = `bench-${randomUUID().slice(0, 8)}` as Site['id'];
      const fromMs = Date.now() - 3 * 86_400_000;
      say(`replay: recording ${events} events (${store.kind} database)`);
      const toMs = (await record(store, site, fromMs)) + 1;
      const replayed = { directory: siteDirectory({ ...testSite, id: site }), policy: defaultPolicy };
      const window = { fromMs, toMs };
      const same = await replayEvents(store.db, replayed, { window });
      const { before, same: found } = same.alerts;
      if (same.differences.length > 0 || found !== before || same.events !== events)
        throw new Error(`the rules in force would have changed something: ${JSON.stringify(same.alerts)}`);
      const described = {
        severities: { medium: 20, high: 40, critical: 60 },
        events: { 'pass.rejected': { signature: { alert: 'never' } } },
      };
      const rules = ruleSetFileSchema.parse({ version: 1, extends: 'wp-1', ...described });
      const rates: number[] = [];
      for (let run = 0; run < runs; run++) {
        const started = performance.now();
        const answer = await replayEvents(store.db, replayed, { window, ruleSet: { id: 'tried@0', rules } });
        rates.push((answer.events / (performance.now() - started)) * 1000);
      }
      say(`replay: ${before} alerts; ${rates.map(Math.round).join(', ')} events/s`);
      return [
        {
          figure: 'replay_events_per_s',
          value: Math.round(percentile(rates, 0.5)),
          unit: 'events/s',
          n: runs,
        },
      ];
    } finally {
      await store.close();
    }
  },
};
