import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { GatewayRegistry } from '../src/health/gateway-registry.ts';
import { systemGateway } from '../src/health/loss-finding.ts';
import { createMetrics } from '../src/health/metrics.ts';
import { Ingest } from '../src/ingest/ingest.ts';
import { LeaseManager } from '../src/leases/lease-manager.ts';
import { LiveFeed } from '../src/live/live-feed.ts';
import { siteDirectory } from '../src/places/site-directory.ts';
import { defaultPolicy } from '../src/policy.ts';
import { defaultRuleSet } from '../src/risk/rule-set.ts';
import { openStore, type Store } from '../src/store/open-store.ts';
import { listRejects } from '../src/store/reject-store.ts';
import { Listener, TestBroker } from '../src/testing/test-broker.ts';
import { forgedPass, wireEvent } from '../src/testing/test-events.ts';
import { testSite } from '../src/testing/test-site.ts';

const url = process.env.WATCHPOST_TEST_DATABASE_URL;
if (!url)
  throw new Error(
    'WATCHPOST_TEST_DATABASE_URL must name a PostgreSQL server whose database this test may fill',
  );

const logger = pino({ level: 'silent' });
const site = { ...testSite, id: `strange-${randomUUID().slice(0, 8)}` as typeof testSite.id };
const directory = siteDirectory(site);
const broker = new TestBroker();
const ends: (() => Promise<unknown>)[] = [];
const leases: LeaseManager[] = [];
let listener: Listener;

beforeAll(async () => {
  await broker.start();
  for (const name of ['one', 'two']) await startService(name);
  listener = new Listener(broker.url, [`wp/1/${site.id}/#`]);
});
afterAll(async () => {
  await listener.stop();
  for (const end of ends.reverse()) await end();
  await broker.stop();
});
let first: Store;

async function startService(name: string): Promise<void> {
  const store = await openStore({ kind: 'server', url: url as string });
  first ??= store;
  if (name === 'one') await sql`delete from alerting_service`.execute(store.db);
  const keeper = new LeaseManager({
    ...{ db: store.leases, name, id: randomUUID(), logger },
    signals: { send: async () => undefined, listen: () => () => undefined },
    gateways: [...site.gateways, systemGateway].map((gateway) => ({ site: site.id, gateway })),
    policy: { everyMs: 50, leaseMs: 2_000, marginMs: 100 },
  });
  leases.push(keeper);
  await keeper.start();
  const { db, changes } = store;
  const ingest = new Ingest({
    ...{ directory, db, changes, leases: keeper, broker: { url: broker.url }, logger },
    ...{ gateways: new GatewayRegistry(site), feed: new LiveFeed(), metrics: createMetrics() },
    ...{ policy: defaultPolicy, rules: defaultRuleSet, newId: randomUUID, nowMs: Date.now },
    losses: { linkUp() {}, linkDown() {}, heard() {}, takeState() {}, takeFlood() {} },
    uptime: { takeState: () => undefined, linkDown: () => undefined },
    lateEvents: () => undefined,
  });
  const unlisten = keeper.onChange(() => ingest.leasesChanged());
  ingest.start();
  ends.push(
    () => store.close(),
    () => keeper.stop(),
    () => ingest.stop(),
    async () => unlisten(),
  );
  await vi.waitFor(() => expect(ingest.link.isConnected).toBe(true), 10_000);
}

test('what comes under a name that no gateway has is refused and counted, with two services as with one', async () => {
  await vi.waitFor(
    () =>
      expect(leases.map((one) => site.gateways.filter((id) => one.holds(site.id, id)).length)).not.toContain(
        0,
      ),
    10_000,
  );
  const publish = (topic: string, message: object, retain: boolean) =>
    listener.client.publishAsync(`wp/1/${site.id}/stranger/${topic}`, JSON.stringify(message), {
      qos: 1,
      retain,
    });
  const nothing = { clockOffsetMs: null, epoch: null, outboxDepth: 0, devices: [] };
  await publish(
    'state',
    { status: 'online', time: new Date().toISOString(), version: '1', ...nothing },
    true,
  );
  await vi.waitFor(
    async () => {
      await publish('up', { ...wireEvent(forgedPass({ seq: 1 })), gateway: 'stranger' }, false);
      const { newest } = await listRejects(first.db, [site.id], 10);
      expect(newest.filter(({ gateway }) => gateway === 'stranger').length).toBeGreaterThan(0);
    },
    { timeout: 10_000, interval: 200 },
  );
});
