import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { systemGateway } from '../src/health/loss-finding.ts';
import { commitBatch } from '../src/ingest/commit-batch.ts';
import { emptyBatch } from '../src/ingest/ingest-batch.ts';
import { LeaseManager } from '../src/leases/lease-manager.ts';
import { LeaseLost } from '../src/leases/leases.ts';
import { siteDirectory } from '../src/places/site-directory.ts';
import { defaultPolicy } from '../src/policy.ts';
import { defaultRuleSet } from '../src/risk/rule-set.ts';
import { openStore, type Store } from '../src/store/open-store.ts';
import { smokeAlarm, testEvent } from '../src/testing/test-events.ts';
import { testSite } from '../src/testing/test-site.ts';

const url = process.env.WATCHPOST_TEST_DATABASE_URL;
if (!url)
  throw new Error(
    'WATCHPOST_TEST_DATABASE_URL must name a PostgreSQL server whose database this test may fill',
  );

const silent = pino({ level: 'silent' });
const alone = { send: async () => undefined, listen: () => () => undefined };
const stores: Store[] = [];
const keepers: LeaseManager[] = [];
let site: string;

beforeAll(async () => {
  for (const _ of [1, 2]) stores.push(await openStore({ kind: 'server', url }));
});
beforeEach(async () => {
  site = `lease-${randomUUID().slice(0, 8)}`;
  await sql`delete from alerting_service`.execute(store(0).db);
});
afterEach(async () => {
  for (const keeper of keepers.splice(0)) await keeper.stop();
});
afterAll(async () => {
  for (const one of stores) await one.close();
});

const store = (of: number): Store => stores[of] as Store;
const gateways = ['edge1', 'edge2', 'edge3', 'edge4'];

/** A service’s keeper; one that stands still says nothing after its start. */
async function keeper(
  of: number,
  name: string,
  policy: { everyMs?: number; leaseMs?: number } = {},
  leased: readonly string[] = gateways,
) {
  const made = new LeaseManager({
    ...{ db: store(of).leases, name, id: randomUUID(), signals: alone, logger: silent },
    gateways: leased.map((gateway) => ({ site, gateway })),
    policy: { everyMs: 50, leaseMs: 1_000, marginMs: 100, ...policy },
  });
  keepers.push(made);
  await made.start();
  return made;
}
const heldBy = (one: LeaseManager) => gateways.filter((gateway) => one.holds(site, gateway));
const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 20 });
const standsStill = { everyMs: 3_600_000, leaseMs: 300 };

function commit(of: number, leases: LeaseManager) {
  const directory = siteDirectory({ ...testSite, id: site as typeof testSite.id });
  const event = testEvent({ ...smokeAlarm(), seq: 1, epoch: randomUUID().replaceAll('-', '') });
  event.source = event.source.replace('/sites/test/', `/sites/${site}/`);
  const device = directory.device('smoke1');
  if (!device) throw new Error('no such device');
  const receivedMs = Date.parse(event.time);
  const events = [{ event, gateway: 'edge1', device, topic: 't', receivedMs, late: false }];
  const context = {
    ...{ directory, rules: defaultRuleSet, policy: defaultPolicy, newId: randomUUID },
    nowMs: receivedMs,
  };
  return commitBatch(store(of).changes, { ...emptyBatch, events }, context, leases);
}
const stored = async () =>
  (await store(0).db.selectFrom('event').select('id').where('site', '=', site).execute()).length;

test('one service has everything; a second one gets its share, and all of it when the first ends', async () => {
  const one = await keeper(0, 'one');
  expect(heldBy(one)).toEqual(gateways);
  const two = await keeper(1, 'two');
  await until(() => expect(heldBy(two)).toHaveLength(2));
  expect(heldBy(one)).toHaveLength(2);
  expect([...heldBy(one), ...heldBy(two)].sort()).toEqual(gateways);
  await one.stop();
  await until(() => expect(heldBy(two)).toEqual(gateways));
});

test('who says nothing loses its gateways, and commits nothing of them although it knows of no loss', async () => {
  const still = await keeper(0, 'still', standsStill);
  expect(heldBy(still)).toEqual(gateways);
  expect((await commit(0, still)).receipts).toHaveLength(1);
  expect(await stored()).toBe(1);
  const other = await keeper(1, 'other');
  await until(() => expect(heldBy(other)).toEqual(gateways));
  expect(heldBy(still)).toEqual(gateways);
  expect(still.surelyHolds(site, 'edge1')).toBe(false);
  await expect(commit(0, still)).rejects.toThrow(LeaseLost);
  expect(await stored()).toBe(1);
  expect((await commit(1, other)).receipts).toHaveLength(1);
  expect(await stored()).toBe(2);
});

test('what is said under names that no gateway has is refused, and counted, by who leads the site', async () => {
  const names = ['gw-unknown', 'edge1'];
  const require = (leases: LeaseManager) => store(0).changes.commit((tx) => leases.require(tx, site, names));
  await require(await keeper(0, 'leads', {}, [...gateways, systemGateway]));
  const other = await keeper(1, 'does not lead', {}, gateways);
  const lost = await require(other).catch((error: unknown) => error);
  expect(lost).toBeInstanceOf(LeaseLost);
  expect((lost as LeaseLost).gateways).toContain('gw-unknown');
});

test('in the middle of a commit nobody takes a gateway, also when the lease is over', async () => {
  const still = await keeper(0, 'still', standsStill);
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  const committing = store(0).changes.commit(async (tx) => {
    await still.require(tx, site, ['edge1']);
    await mayEnd;
  });
  const other = await keeper(1, 'other');
  await until(() => expect(heldBy(other)).toEqual(['edge2', 'edge3', 'edge4']));
  await sleep(300);
  expect(other.holds(site, 'edge1')).toBe(false);
  end();
  await committing;
  await until(() => expect(other.holds(site, 'edge1')).toBe(true));
});

test('a service that renews waits for no commit', async () => {
  const one = await keeper(0, 'one', { leaseMs: 400 });
  await store(0).changes.commit(async (tx) => {
    await one.require(tx, site, gateways);
    await sleep(1_200);
    expect(one.surelyHolds(site, 'edge1')).toBe(true);
  });
});

test('whoever stands still in the middle of a commit is given up by the server', async () => {
  const still = await keeper(0, 'still', standsStill);
  const committing = store(0).changes.commit(async (tx) => {
    await still.require(tx, site, ['edge1']);
    await sleep(5_000);
    await sql`select 1`.execute(tx);
  });
  committing.catch(() => undefined);
  const other = await keeper(1, 'other');
  await until(() => expect(heldBy(other)).toEqual(gateways));
  await expect(committing).rejects.toThrow();
});

test('the clock of the database was set back: nobody is believed for longer than two leases', async () => {
  await keeper(0, 'still', standsStill);
  await sql`update gateway_lease set until = now() + interval '1 hour' where site = ${site}`.execute(
    store(0).db,
  );
  await sql`update alerting_service set until = now() + interval '1 hour'`.execute(store(0).db);
  const other = await keeper(1, 'other');
  await until(() => expect(heldBy(other)).toEqual(gateways));
});

test('a run under the same name has at once what the run before had, which says that it is replaced', async () => {
  const before = await keeper(0, 'one', { leaseMs: 60_000 });
  const after = await keeper(1, 'one', { leaseMs: 60_000 });
  expect(heldBy(after)).toEqual(gateways);
  await until(() => expect(before.state.isReplaced).toBe(true));
  expect(heldBy(before)).toEqual([]);
});
