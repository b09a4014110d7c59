import { randomUUID } from 'node:crypto';
import { type NamedRuleSet, ruleSetFileSchema, type Site } from '@watchpost/contracts/site';
import type { WatchpostEvent } from '@watchpost/contracts/wire';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeOfficerStep } from '../alerts/officer-step.ts';
import { commitBatch } from '../ingest/commit-batch.ts';
import { emptyBatch, type IncomingEvent } from '../ingest/ingest-batch.ts';
import { siteDirectory } from '../places/site-directory.ts';
import { type AlertingPolicy, defaultPolicy } from '../policy.ts';
import { riskUnder, ruleSetOf } from '../risk/described-rules.ts';
import { defaultRuleSet } from '../risk/rule-set.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { candidate, doorAlarm, forgedPass, smokeAlarm, testEvent } from '../testing/test-events.ts';
import { testSite } from '../testing/test-site.ts';
import { replayEvents } from './replay-events.ts';

let store: Store;
beforeAll(async () => {
  store = await openStore(await embeddedStore());
}, 120_000);
afterAll(() => store.close());

const minuteMs = 60_000;
/** 20:00 in Shanghai: two hours later the store room is armed. */
const evening = Date.parse('2026-11-20T12:00:00.000Z');
// Few, so that a device has enough soon.
const policy: AlertingPolicy = { ...defaultPolicy, openAlertsPerDevice: 2 };
const alarm = (device: string, kind: 'smoke' | 'door' | 'motion' | 'glass_break' | 'water') =>
  doorAlarm({ device, data: { kind } });
const cleared = (device: string, kind: 'smoke' | 'door') => ({
  type: 'watchpost.sensor.cleared.v1' as const,
  data: { kind },
  device,
});
const sketches = [
  smokeAlarm(),
  cleared('smoke1', 'smoke'),
  alarm('door1', 'door'),
  cleared('door1', 'door'),
  alarm('door1', 'motion'),
  alarm('door1', 'glass_break'),
  alarm('door1', 'water'),
  alarm('temp2', 'motion'),
  forgedPass(),
  candidate('watch'),
  candidate('access'),
  { type: 'watchpost.panic.pressed.v1' as const, data: { silent: false }, device: 'cam1' },
];

/** A site whose days are recorded with moved clocks, as ingest would. */
class Recorded {
  readonly site = `replay-${randomUUID().slice(0, 8)}` as Site['id'];
  readonly directory = siteDirectory({ ...testSite, id: this.site });
  readonly sent: IncomingEvent[] = [];
  readonly #ruleSet: NamedRuleSet | undefined;
  readonly #epoch = randomUUID().replaceAll('-', '');
  #seq = 0;
  nowMs = evening;

  constructor(ruleSet?: NamedRuleSet) {
    this.#ruleSet = ruleSet;
  }

  incoming(index: number, ageMs: number): IncomingEvent {
    const sketch = sketches[index % sketches.length] as ReturnType<typeof smokeAlarm>;
    const time = new Date(this.nowMs - ageMs).toISOString();
    const event: WatchpostEvent = testEvent({ ...sketch, time, epoch: this.#epoch, seq: ++this.#seq });
    event.source = event.source.replace('/sites/test/', `/sites/${this.site}/`);
    const device = this.directory.device(sketch.device ?? 'smoke1');
    if (!device) throw new Error('no such device');
    const late = ageMs > 10 * minuteMs;
    const incoming = { event, gateway: event.gateway, device, topic: 't', receivedMs: this.nowMs, late };
    this.sent.push(incoming);
    return incoming;
  }

  async commit(events: readonly IncomingEvent[], settled: readonly string[] = []): Promise<void> {
    const rules = this.#ruleSet ? ruleSetOf(this.#ruleSet) : defaultRuleSet;
    const judged = { ...policy, risk: riskUnder(policy.risk, this.#ruleSet) };
    const { directory, nowMs } = this;
    const context = { directory, rules, policy: judged, newId: randomUUID, nowMs };
    await commitBatch(store.changes, { ...emptyBatch, events, settled }, context);
  }

  /** An officer resolves the alert that opened first. */
  async resolveOne(): Promise<void> {
    const row = await store.db
      .selectFrom('alert')
      .select(['id', 'version'])
      .where('site', '=', this.site)
      .where('state', 'in', ['open'])
      .orderBy('opened_at')
      .orderBy('id')
      .executeTakeFirst();
    if (!row) return;
    let { version } = row;
    for (const to of ['acknowledged', 'resolved'] as const) {
      const request = {
        id: randomUUID(),
        version,
        to,
        ...(to === 'resolved' ? { disposition: 'false' as const } : {}),
      };
      await takeOfficerStep(store.changes, this.site, row.id, request, 'officer', this.nowMs);
      version += 1;
    }
  }

  replay(ruleSet?: NamedRuleSet, fromMs = evening - minuteMs) {
    const window = { fromMs, toMs: this.nowMs + 5 * minuteMs };
    const site = { directory: this.directory, policy, ruleSet: this.#ruleSet };
    return replayEvents(store.db, site, { window, ruleSet });
  }

  async alerts(): Promise<number> {
    const rows = await store.db.selectFrom('alert').select('id').where('site', '=', this.site).execute();
    return rows.length;
  }
}

const named = (change: object): NamedRuleSet => ({
  id: 'tried@000000000000',
  rules: ruleSetFileSchema.parse({ version: 1, extends: 'wp-1', ...change }),
});

const action = fc.record({
  pauseS: fc.integer({ min: 1, max: 900 }),
  batch: fc.array(
    fc.record({
      sketch: fc.nat({ max: sketches.length - 1 }),
      // Most come at once, some minutes late, some as a backlog.
      ageMs: fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 0, max: 2_000 }) },
        { weight: 1, arbitrary: fc.integer({ min: 60_000, max: 590_000 }) },
        { weight: 1, arbitrary: fc.integer({ min: 620_000, max: 7_200_000 }) },
      ),
    }),
    { maxLength: 6 },
  ),
  repeats: fc.nat({ max: 3 }),
  resolves: fc.boolean(),
});

describe('a replay', () => {
  it('of the same rules gives exactly the alerts that there were', async () => {
    const ruleSets = fc.constantFrom(
      undefined,
      named({
        severities: { medium: 20, high: 40, critical: 60 },
        events: { 'sensor.alarm': { motion: { alert: 'always' } } },
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 18 }), ruleSets, async (day, ruleSet) => {
        const recorded = new Recorded(ruleSet);
        for (const { pauseS, batch, repeats, resolves } of day) {
          recorded.nowMs += pauseS * 1000;
          const repeated = recorded.sent.slice(-repeats);
          const fresh = batch.map(({ sketch, ageMs }) => recorded.incoming(sketch, ageMs));
          await recorded.commit([...repeated, ...fresh]);
          if (fresh.some(({ late }) => late)) {
            recorded.nowMs += 3_000;
            await recorded.commit([], ['edge1', 'edge2']);
          }
          recorded.nowMs += 500;
          if (resolves) await recorded.resolveOne();
        }
        const { alerts, differences, estimated } = await recorded.replay(ruleSet);
        const were = await recorded.alerts();
        expect(differences).toEqual([]);
        expect(alerts).toEqual({ before: were, after: were, same: were, appear: 0, vanish: 0, change: 0 });
        expect(estimated).toBe(0);
      }),
      { numRuns: 5, endOnFailure: true },
    );
  }, 240_000);

  it('of other rules says what appears, vanishes and is of another severity', async () => {
    const recorded = new Recorded();
    const at = async (hours: number, ...indexes: number[]) => {
      recorded.nowMs = evening + hours * 60 * minuteMs;
      await recorded.commit(indexes.map((index) => recorded.incoming(index, 1000)));
    };
    // Smoke, and a movement where nothing is armed yet; at night the movement again, and a forged pass.
    await at(0, 0, 7);
    await at(3, 7, 8);
    expect(await recorded.alerts()).toBe(3);
    const whatOf = async (change: object) =>
      (await recorded.replay(named(change))).differences.map(
        ({ what, kind, before, after }) =>
          `${what} ${kind.split('.')[2]?.split('/')[1] ?? kind} ${before}→${after}`,
      );
    const motion = (alert: string) => ({ events: { 'sensor.alarm': { motion: { alert } } } });
    expect(await whatOf({})).toEqual([]);
    expect(await whatOf(motion('never'))).toEqual([expect.stringMatching(/^vanishes .*motion/)]);
    // What was one alert at night is one that began in the evening, and is the same alert.
    expect(await whatOf(motion('always'))).toEqual([]);
    const bands = { severities: { medium: 10, high: 20, critical: 50 } };
    expect((await recorded.replay(named(bands))).alerts).toMatchObject({
      appear: 0,
      vanish: 0,
      change: 2,
      same: 1,
    });
  });

  it('asks the context whether a rule alerts when armed, not the points of the score', async () => {
    const recorded = new Recorded();
    const never = named({ events: { 'sensor.alarm': { motion: { armed: 0, alert: 'when_armed' } } } });
    recorded.nowMs += 3 * 60 * minuteMs;
    await recorded.commit([recorded.incoming(7, 0)]);
    const { alerts, differences } = await recorded.replay(never);
    expect(alerts).toMatchObject({ before: 1, after: 1, vanish: 0 });
    expect(differences).toMatchObject([{ what: 'severity', before: 'high', after: 'low' }]);
  });

  it('judges by the trust of then, not by what officers said since', async () => {
    const recorded = new Recorded();
    for (let n = 0; n < 6; n++) {
      await recorded.commit([recorded.incoming(8, 0)]);
      recorded.nowMs += minuteMs;
      await recorded.resolveOne();
      recorded.nowMs += minuteMs;
    }
    // Six mistakes are known now; the first alert was judged when none was.
    const { alerts, differences } = await recorded.replay();
    expect(differences).toEqual([]);
    expect(alerts).toMatchObject({ before: 6, after: 6 });
  });

  it('takes alerts that were open when the window began as they were', async () => {
    const recorded = new Recorded();
    await recorded.commit([recorded.incoming(0, 0)]);
    recorded.nowMs += 60 * minuteMs;
    const { nowMs } = recorded;
    await recorded.commit([recorded.incoming(0, 0), recorded.incoming(8, 0)]);
    expect((await recorded.replay(undefined, nowMs - minuteMs)).alerts).toMatchObject({
      before: 1,
      after: 1,
      same: 1,
    });
  });

  it('refuses a window that ends before it begins, and one that is too long', async () => {
    const recorded = new Recorded();
    await expect(recorded.replay(undefined, recorded.nowMs + 6 * minuteMs)).rejects.toMatchObject({
      code: 'replay.window',
    });
    await expect(recorded.replay(undefined, 0)).rejects.toMatchObject({ code: 'replay.window' });
  });
});
