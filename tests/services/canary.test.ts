import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiClient } from '../support/api-client.ts';
import { CanaryGateway } from '../support/canary-gateway.ts';
import { sensorSite } from '../support/sensor-site.ts';
import { StandIn } from '../support/stand-in.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { type Services, startServices } from '../support/two-services.ts';
import { waitFor } from '../support/wait-for.ts';

const everyMs = 2_000;
const site = sensorSite('cut', [
  { id: 'door-1', gateway: 'gw-1', kind: 'door_contact' },
  { id: 'door-2', gateway: 'gw-2', kind: 'door_contact' },
]);
let database: TestDatabase;
let services: Services;
let standIn: StandIn;
let client: ApiClient;
let gateways: readonly CanaryGateway[];

beforeAll(async () => {
  database = await createTestDatabase();
  standIn = await StandIn.start();
  services = await startServices(site, database.url, {
    ...standIn.options,
    policy: { canary: { on: true, everyMs, missed: 2 } },
  });
  const service = await services.start('one');
  client = await ApiClient.logIn({ ...services, ...service, ready: true, mqtt: '', flows: '' });
  await standIn.register(client, site.id);
  gateways = await Promise.all(
    site.gateways.map((id) => CanaryGateway.connect(services.mqttPort, site.id, id, everyMs)),
  );
  await isProven();
});
afterAll(async () => {
  for (const gateway of gateways ?? []) await gateway.stop();
  await services?.stop();
  await standIn?.stop();
  await database?.drop();
});

const isProven = () =>
  waitFor(
    'a proof of each gateway',
    async () => {
      const { gateways: all } = (await (await client.get('/gateways')).json()) as {
        gateways: { proof?: { state: string } }[];
      };
      return all.every(({ proof }) => proof?.state === 'proven');
    },
    90_000,
  );

/** Nobody else gets at a table until the returned function is called. */
async function holding(table: string): Promise<() => Promise<void>> {
  const db = new pg.Client({ connectionString: database.url });
  await db.connect();
  await db.query('begin');
  await db.query(`lock table ${table} in access exclusive mode`);
  return async () => {
    await db.query('rollback');
    await db.end();
  };
}

test.each([
  ['store', 'gateway_epoch'],
  ['senders', 'notice'],
])(
  '20: with the link %s cut by a lock of %s, somebody is told which it is, and when it is whole',
  async (link, table) => {
    const release = await holding(table);
    await standIn.until(`chain ${link} 0`);
    await release();
    await standIn.until(`chain ${link} 1`);
    await isProven();
  },
);

test('20: what comes of no gateway any more is told as one thing', async () => {
  for (const gateway of gateways) gateway.isMute = true;
  await standIn.until('chain broker 0');
  for (const gateway of gateways) gateway.isMute = false;
  await standIn.until('chain broker 1');
  expect(standIn.told.filter((told) => told.startsWith('chain gateway'))).toEqual([]);
});
