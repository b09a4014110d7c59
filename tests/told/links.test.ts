import { type ChildProcess, fork } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Site } from '@watchpost/contracts/site';
import { deviceIdSchema, gatewayIdSchema } from '@watchpost/contracts/wire';
import { MqttProxy } from '@watchpost/service/testing/mqtt-proxy';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { confinedEnvironment, confinement } from '../../flows/src/confinement.ts';
import { AlertStream } from '../support/alert-stream.ts';
import { ApiClient } from '../support/api-client.ts';
import { EventSender } from '../support/event-sender.ts';
import { floodedSite } from '../support/flooded-site.ts';
import { type SiteProcesses, startSiteProcesses } from '../support/site-processes.ts';
import { waitFor } from '../support/wait-for.ts';

// Alerting, a gateway and Node-RED reach a real broker through a proxy that refuses them or lets their bytes
// go nowhere.
const alerting = /^alerting-/;
const gateway = /^wp-flooded-loud$/;
const flows = /^flows-/;
/** From the alarm to the stream, over every refusal and every dead line. */
const toldWithinMs = 45_000;

const folder = mkdtempSync(join(tmpdir(), 'watchpost-links-'));
const children: ChildProcess[] = [];
let site: SiteProcesses;
let proxy: MqttProxy;
let stream: AlertStream;
let other: EventSender;
let officer: MqttClient;
let proxyPort = 0;

const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const flooded = floodedSite(3);
const siteOfBoth: Site = {
  ...flooded,
  // a detector of the gateway that runs here
  devices: [
    ...flooded.devices,
    {
      ...flooded.devices[0]!,
      id: deviceIdSchema.parse('loud-smoke'),
      gateway: gatewayIdSchema.parse('loud'),
    },
  ],
};
const integrator = { kind: 'integrator', name: 'flows', site: 'flooded' } as const;

/** Node-RED as the product starts it: confined, its configuration on standard input; somebody looks at it. */
async function startFlows({
  secret,
  ...config
}: { secret: string } & Record<string, unknown>): Promise<void> {
  const dataFolder = join(folder, 'flows');
  const child = fork(here('flows/src/main.ts'), ['-'], {
    execArgv: ['--disable-warning=ExperimentalWarning', ...confinement(dataFolder)],
    stdio: ['pipe', 'ignore', 'inherit', 'ipc'],
    env: confinedEnvironment(process.env, dataFolder),
  });
  children.push(child);
  child.stdin?.end(JSON.stringify({ ...config, secret, dataFolder }));
  const [message] = await once(child, 'message');
  expect(message).toMatchObject({ ready: true });
  const { port } = message as { readonly port: number };
  const headers = { 'x-watchpost-flows-secret': secret };
  expect((await fetch(`http://127.0.0.1:${port}/flows/`, { headers })).status).toBe(200);
}

const linkTo = (name: string) => ({ url: `mqtt://127.0.0.1:${proxyPort}`, username: name, password: name });

beforeAll(async () => {
  site = await startSiteProcesses({
    site: siteOfBoth,
    otherIdentities: [integrator],
    linkOfAlerting: async (brokerPort) => {
      proxy = new MqttProxy(brokerPort);
      proxyPort = await proxy.start();
      return proxyPort;
    },
  });
  const smoke = {
    kind: 'smoke',
    id: 'loud-smoke',
    zone: 'hall',
    profile: 'generic-smoke',
    connect: { driver: 'simulator' },
  } as const;
  await site.startGateway({ gateway: 'loud', logLevel: 'warn', devices: [smoke] }, { linkPort: proxyPort });
  await startFlows({
    port: 0,
    secret: createHash('sha256').update('a secret of tests only').digest('hex'),
    site: 'flooded',
    broker: linkTo('flows'),
  });
  const api = await ApiClient.logIn({ ...site, ready: true, mqtt: '', flows: '' });
  stream = await AlertStream.open(api);
  other = await EventSender.connect(site.mqttPort, 'flooded', 'calm');
  officer = await connectAsync(`mqtt://127.0.0.1:${site.mqttPort}`, {
    ...{ username: 'alerting', password: 'alerting', clientId: 'commands' },
  });
  await waitFor('all three links', () => proxy.accepted.length >= 3);
});
afterAll(async () => {
  stream?.close();
  await Promise.all([other?.stop(), officer?.endAsync(true)]);
  for (const child of children) child.kill('SIGKILL');
  await proxy?.stop();
  await site?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const alertOf = (device: string) => stream.alerts.find((alert) => alert.device === device);
const told = (device: string) => waitFor(`the alert of ${device}`, () => alertOf(device), toldWithinMs);
/** How often a client was let through. */
const accepted = (client: RegExp) => proxy.accepted.filter((id) => client.test(id)).length;

test('alerting is refused by the broker once with every code while an alarm comes: it is told; the others come back too', async () => {
  const before = [gateway, flows].map(accepted);
  for (const client of [alerting, gateway, flows]) {
    proxy.refuse(client, [1, 2, 3, 4, 5]);
    proxy.cut(client);
  }
  await waitFor('the first refusal', () => proxy.refused.some(({ clientId }) => alerting.test(clientId)));
  await other.smoke('smoke-0');
  await told('smoke-0');
  const codes = proxy.refused.filter(({ clientId }) => alerting.test(clientId)).map(({ code }) => code);
  expect(codes).toEqual([1, 2, 3, 4, 5]);
  const back = () => [gateway, flows].every((client, index) => accepted(client) > before[index]!);
  await waitFor('gateway and Node-RED', back, toldWithinMs);
});

test('the line of alerting is dead and nothing closes it: an alarm that comes is told', async () => {
  proxy.blackhole(alerting);
  await other.smoke('smoke-1');
  await told('smoke-1');
});

test('the line of alerting takes what it says to nowhere, though the broker is heard: receipts reach the gateway', async () => {
  const before = accepted(alerting);
  proxy.blackhole(alerting, 'from client');
  await other.smoke('smoke-2');
  await told('smoke-2');
  await waitFor('a new connection', () => accepted(alerting) > before, toldWithinMs);
  const receipts = await connectAsync(`mqtt://127.0.0.1:${site.mqttPort}`, {
    ...{ username: 'calm', password: 'calm', clientId: 'receipts-of-calm' },
  });
  let seq = 0;
  receipts.on(
    'message',
    (_topic, payload) => (seq = (JSON.parse(payload.toString()) as { seq: number }).seq),
  );
  await receipts.subscribeAsync('wp/1/flooded/calm/receipt', { qos: 1 });
  await waitFor('the receipt', () => seq === 3, toldWithinMs);
  await receipts.endAsync(true);
});

test('the line of a gateway is dead just when it alarms: the alarm is told; that of Node-RED too: it makes a new one', async () => {
  const before = accepted(flows);
  proxy.blackhole(flows);
  proxy.blackhole(gateway, 'from client');
  const command = {
    id: randomUUID(),
    expires: new Date(Date.now() + 60_000).toISOString(),
    name: 'simulator.trigger',
    device: 'loud-smoke',
    action: 'alarm',
  };
  await officer.publishAsync('wp/1/flooded/loud/cmd', JSON.stringify(command), { qos: 1 });
  await told('loud-smoke');
  await waitFor('a new connection of Node-RED', () => accepted(flows) > before, toldWithinMs);
});
