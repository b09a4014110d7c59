import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrokerService, startDemoBroker } from '@watchpost/broker';
import { gatewayListSchema } from '@watchpost/contracts/api';
import { connect, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoFolder } from '../../cli/src/demo/demo-folder.ts';
import { ApiClient } from '../support/api-client.ts';
import { waitFor } from '../support/wait-for.ts';
import { startWatchpost, type WatchpostProcess } from '../support/watchpost-process.ts';

// Somebody adds a sensor of their own with a command; a plain MQTT client plays it at a broker of the device
// network.
const bin = fileURLToPath(new URL('../../cli/bin/watchpost.mjs', import.meta.url));
const data = mkdtempSync(join(tmpdir(), 'watchpost-own-sensor-'));
let deviceNetwork: BrokerService;
let sensor: MqttClient;
let watchpost: WatchpostProcess;
let api: ApiClient;

const run = (...args: readonly string[]): string =>
  execFileSync(process.execPath, [bin, ...args, '--lang', 'en'], { encoding: 'utf8' });

beforeAll(async () => {
  deviceNetwork = await startDemoBroker({ port: 0 });
  const url = `mqtt://127.0.0.1:${deviceNetwork.port}`;
  sensor = connect(url);
  const folder = demoFolder(data);
  const settings = ['driver=mqtt-json', `url=${url}`, 'topic=shed/door', 'value.pointer=/open'];
  run(
    ...['add', 'sensor', folder, '--id', 'shed-door', '--kind', 'door_contact', '--zone', 'office'],
    ...['--name', '库房门', '--name-en', 'Shed door', '--set', 'openLongerThanMs=0'],
    ...settings.flatMap((setting) => ['--set', `connect.${setting}`]),
  );
  expect(run('check', folder)).toBe('No mistakes\n');
  watchpost = await startWatchpost({ WATCHPOST_DATA: data });
  api = await ApiClient.logIn(watchpost.ready);
}, 180_000);
afterAll(async () => {
  await watchpost?.interrupt();
  await sensor?.endAsync();
  await deviceNetwork?.stop();
  rmSync(data, { recursive: true, force: true });
});

const statusOf = async (device: string) => {
  const { gateways } = gatewayListSchema.parse(await (await api.get('/gateways')).json());
  return gateways.flatMap(({ devices }) => devices).find((each) => each.device === device)?.status;
};
const alertOf = async (device: string) =>
  (await api.alerts()).alerts.find((alert) => alert.device === device);

describe('a sensor of one’s own', () => {
  it('is there once it was added with one command', async () => {
    await waitFor('the gateway reads it', async () => (await statusOf('shed-door')) !== undefined);
  });
  it('raises an alert when it says so, which is over when it says that', async () => {
    await sensor.publishAsync('shed/door', JSON.stringify({ open: false }), { retain: true });
    await sensor.publishAsync('shed/door', JSON.stringify({ open: true }), { retain: true });
    await waitFor('an alert', async () => (await alertOf('shed-door'))?.condition === 'active');
    expect((await alertOf('shed-door'))?.zone).toBe('office');
    await sensor.publishAsync('shed/door', JSON.stringify({ open: false }), { retain: true });
    await waitFor('its end', async () => (await alertOf('shed-door'))?.condition === 'cleared');
  });
  it('that says what nobody understands is shown as such, and the others go on', async () => {
    await sensor.publishAsync('shed/door', 'garbage');
    await waitFor('it counts', async () => (await statusOf('shed-door')) === 'degraded');
    await waitFor('the smoke detector', async () => (await statusOf('server-smoke')) === 'ok');
  });
});
