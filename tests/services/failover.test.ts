import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ResendingGateway } from '../support/resending-gateway.ts';
import { sensorSite } from '../support/sensor-site.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { type RunningService, type Services, startServices } from '../support/two-services.ts';
import { waitFor } from '../support/wait-for.ts';

const kills = Number(process.env.WATCHPOST_KILLS ?? 5);
const site = sensorSite(
  'shared',
  Array.from({ length: 6 }, (_, index) => ({
    id: `door-${index}`,
    gateway: `gw-${index}`,
    kind: 'door_contact',
  })),
);
let database: TestDatabase;
let db: pg.Client;
let services: Services;
let one: RunningService;
let two: RunningService;
let gateways: readonly ResendingGateway[];
let sending: NodeJS.Timeout | undefined;

beforeAll(async () => {
  database = await createTestDatabase();
  db = new pg.Client({ connectionString: database.url });
  services = await startServices(site, database.url);
  one = await services.start('one');
  two = await services.start('two');
  await db.connect();
  gateways = await Promise.all(
    site.gateways.map((id, index) =>
      ResendingGateway.connect(services.mqttPort, site.id, id, `door-${index}`),
    ),
  );
});
afterAll(async () => {
  clearInterval(sending);
  for (const gateway of gateways ?? []) await gateway.stop();
  await services?.stop();
  await db?.end();
  await database?.drop();
});

/** How many gateways each holder has. */
const holders = async (): Promise<Readonly<Record<string, number>>> => {
  const { rows } = await db.query(`select service.name, count(*)::integer as count from gateway_lease as lease
    join alerting_service as service on service.id = lease.holder
    where lease.until > now() and lease.gateway <> 'alerting' group by 1`);
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
};
const areShared = async () => Object.keys(await holders()).length === 2;
const start = (everyMs = 100) => {
  sending = setInterval(() => {
    for (const gateway of gateways) gateway.send();
  }, everyMs);
};
/** No more is sent, and all that was is stored once. */
async function allStoredOnce(): Promise<void> {
  clearInterval(sending);
  await waitFor('all receipts', () => gateways.every(({ waiting }) => waiting === 0), 60_000);
  const sent = gateways.flatMap(({ ids }) => ids);
  const { rows } = await db.query(`select id::text from event where gateway <> 'alerting'`);
  const stored = rows.map(({ id }) => id as string);
  expect(new Set(stored).size).toBe(stored.length);
  expect(stored.sort()).toEqual(sent.sort());
  const doubled = await db.query(`select alert, version from alert_change group by 1, 2 having count(*) > 1`);
  expect(doubled.rows).toEqual([]);
  const twice = await db.query(`select group_key, count(*) from alert
    where state <> 'closed' and state <> 'resolved' group by 1 having count(*) > 1`);
  expect(twice.rows).toEqual([]);
}
/** When every gateway had a receipt for something that it sent after this time. */
const covered = (sinceMs: number) =>
  waitFor('every gateway', () => {
    const times = gateways.map((gateway) => gateway.coveredAfter(sinceMs));
    return times.every((ms) => ms !== undefined) ? Math.max(...times) - sinceMs : undefined;
  });

test('two services share the gateways, and both say so', async () => {
  await waitFor('both have gateways', areShared);
  const shares = await holders();
  expect((shares.one ?? 0) + (shares.two ?? 0)).toBe(6);
  // Each looks at the others once in a while.
  for (const service of [one, two])
    await waitFor('a service that knows of the other', async () => {
      const { services: known } = (await service.health()).components;
      return known?.status === 'ok' && known.details?.services === 2 && known.details.unheld === 0;
    });
});

test(
  `killed ${kills} times, a service loses its gateways to the other: nothing is lost, nothing is stored twice`,
  async () => {
    start();
    const tookMs: number[] = [];
    for (let kill = 0; kill < kills; kill++) {
      await waitFor('both have gateways', areShared);
      await sleep(500 + Math.random() * 500);
      const [victim] = kill % 2 === 0 ? [one] : [two];
      const at = performance.now();
      await victim.kill();
      tookMs.push(await covered(at));
      const again = await services.start(victim.name);
      if (victim === one) one = again;
      else two = again;
    }
    await allStoredOnce();
    process.stderr.write(`failover: ${tookMs.map((ms) => Math.round(ms)).join(', ')} ms\n`);
  },
  60_000 + kills * 40_000,
);

test('who stood still commits nothing once another has its gateways, and shares again later', async () => {
  await waitFor('both have gateways', areShared);
  start();
  await sleep(500);
  const at = performance.now();
  one.child.kill('SIGSTOP');
  await covered(at);
  expect(await holders()).toEqual({ two: 6 });
  one.child.kill('SIGCONT');
  await sleep(2_000);
  await allStoredOnce();
  await waitFor('both have gateways', areShared);
});

test('a service that is ended hands over at once', async () => {
  await waitFor('both have gateways', areShared);
  start();
  await sleep(500);
  await one.end();
  expect(await waitFor('the other has all', async () => (await holders()).two === 6, 3_000)).toBe(true);
  await allStoredOnce();
  one = await services.start('one');
});

test('a run that takes the name of another ends what that does', async () => {
  await waitFor('both have gateways', areShared);
  const again = await services.start('one');
  await waitFor('the first is replaced', async () => {
    const { components } = await one.health();
    return components.services?.error === 'service.replaced';
  });
  start();
  await sleep(1_000);
  await allStoredOnce();
  await one.kill();
  one = again;
});
