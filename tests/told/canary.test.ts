import { type GatewayStatus, gatewayListSchema } from '@watchpost/contracts/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiClient } from '../support/api-client.ts';
import { CanaryGateway } from '../support/canary-gateway.ts';
import { sensorSite } from '../support/sensor-site.ts';
import { type SiteProcesses, startSiteProcesses } from '../support/site-processes.ts';
import { StandIn } from '../support/stand-in.ts';
import { waitFor } from '../support/wait-for.ts';

const chainSite = sensorSite('chain', [
  { id: 'smoke', gateway: 'real', kind: 'smoke' },
  { id: 'gas', gateway: 'plain', kind: 'temperature' },
]);
const everyMs = 2_000;
let site: SiteProcesses;
let standIn: StandIn;
let client: ApiClient;
let plain: CanaryGateway;

beforeAll(async () => {
  standIn = await StandIn.start();
  standIn.secret('notify-heartbeat', `${standIn.hook.url}/beat`);
  site = await startSiteProcesses({
    site: chainSite,
    policy: { canary: { on: true, everyMs, missed: 2, heartbeat: 'notify-heartbeat' } },
    alerting: standIn.options,
  });
  client = await ApiClient.logIn({ ...site, ready: true, mqtt: '', flows: '' });
  await standIn.register(client, chainSite.id);
  await site.startGateway({
    gateway: 'real',
    devices: [
      {
        ...{ kind: 'smoke', id: 'smoke', zone: 'hall', profile: 'generic-smoke' },
        connect: { driver: 'simulator' },
      },
    ],
    policy: { require: false },
    canary: { everyMs },
  });
  plain = await CanaryGateway.connect(site.mqttPort, chainSite.id, 'plain', everyMs);
});
afterAll(async () => {
  await plain?.stop();
  await site?.stop();
  await standIn?.stop();
});

const statusOf = async (gateway: string): Promise<GatewayStatus | undefined> => {
  const { gateways } = gatewayListSchema.parse(await (await client.get('/gateways')).json());
  return gateways.find((one) => one.gateway === gateway);
};
const until = (gateway: string, state: string) =>
  waitFor(`“${state}” of ${gateway}`, async () => (await statusOf(gateway))?.proof?.state === state, 90_000);

test('20: a gateway proves the whole chain, which the console can show and somebody outside sees', async () => {
  await until('real', 'proven');
  await until('plain', 'proven');
  await waitFor(
    'a call from outside',
    async () => standIn.hook.received.some(({ path }) => path === '/beat'),
    60_000,
  );
  expect(await (await client.get('/alerts')).json()).toMatchObject({ alerts: [] });
});

test('20: a gateway that is heard and whose canaries are missing is told, and when they are back', async () => {
  plain.isMute = true;
  await standIn.until('chain gateway 0');
  expect(await statusOf('plain')).toMatchObject({
    proof: { state: 'missing', link: 'gateway' },
    errors: ['canary.gateway'],
  });
  expect(await statusOf('real')).toMatchObject({ proof: { state: 'proven' } });
  plain.isMute = false;
  await standIn.until('chain gateway 1');
});

test('20: a restart in the middle of it tells nothing twice', async () => {
  const before = standIn.told.length;
  await site.killAlerting();
  await site.restartAlerting();
  client = await ApiClient.logIn({ ...site, ready: true, mqtt: '', flows: '' });
  await until('real', 'proven');
  expect(standIn.told.slice(before)).toEqual([]);
});
