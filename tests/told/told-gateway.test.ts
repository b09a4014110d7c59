import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrokerService, startDemoBroker } from '@watchpost/broker';
import type { Alert } from '@watchpost/contracts/alert';
import { type Health, healthSchema } from '@watchpost/contracts/api';
import { type GatewayState, gatewayStateSchema } from '@watchpost/contracts/wire';
import { connect, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { type Ready, readReadyLine } from '../support/watchpost-process.ts';

// A gateway needs its claim code and the server's address. What it is to do it is told by the server, device
// by device, while both run.
const bin = fileURLToPath(new URL('../../cli/bin/watchpost.mjs', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'watchpost-told-gateway-'));
const folder = join(root, 'server');
const identity = join(root, 'gateway');
const siteFile = join(folder, 'sites/house/site.yaml');
const environment = {
  ...process.env,
  WATCHPOST_HTTP_PORT: '0',
  WATCHPOST_MQTT_PORT: '0',
  WATCHPOST_DATA: '',
};

let deviceNetwork: BrokerService;
let sensor: MqttClient;
let listener: MqttClient;
let server: ChildProcess;
let gateway: ChildProcess;
let ready: Ready & { readonly door: string };
const states: GatewayState[] = [];
const alerts: Pick<Alert, 'eventType' | 'condition' | 'details'>[] = [];
const events: { readonly type: string; readonly source: string }[] = [];

/** Runs a command; its exit code and what it wrote. */
function run(...args: readonly string[]): { readonly code: number; readonly out: string } {
  try {
    const out = execFileSync(process.execPath, [bin, ...args, '--lang', 'en'], {
      encoding: 'utf8',
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { code: 0, out };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { code: status, out: `${stdout}${stderr}` };
  }
}
const start = (...args: readonly string[]) =>
  spawn(process.execPath, [bin, ...args], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });

const siteText = () => readFileSync(siteFile, 'utf8');
const newest = () => states.at(-1);
const deviceIn = (state: GatewayState | undefined, id: string) =>
  state?.devices.find(({ device }) => device === id);
const alarms = () =>
  events.filter(({ type, source }) => type === 'watchpost.sensor.alarm.v1' && source.endsWith('/shed-door'));

function health(): Promise<Health> {
  const url = new URL('/healthz', ready.console);
  const isTls = url.protocol === 'https:';
  const tls = isTls ? { ca: readFileSync(join(folder, 'web/root.pem')), servername: 'localhost' } : {};
  return new Promise((resolve, reject) => {
    const outgoing = (isTls ? httpsRequest : httpRequest)(url, { ...tls, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(healthSchema.parse(JSON.parse(text))));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

beforeAll(async () => {
  deviceNetwork = await startDemoBroker({ port: 0 });
  const url = `mqtt://127.0.0.1:${deviceNetwork.port}`;
  sensor = connect(url);
  expect(run('init', folder, '--site', 'house', '--host', 'localhost', '--host', '127.0.0.1').code).toBe(0);
  const zone = /zones:\s*\n\s*- id: (\S+)/.exec(siteText())?.[1] ?? '';
  writeFileSync(siteFile, siteText().replace(/^gateways:\n/m, 'gateways:\n  - id: attic\n'));
  const added = ['--gateway', 'attic', '--zone', zone];
  run(
    ...['add', 'sensor', folder, '--id', 'shed-door', '--kind', 'door_contact', ...added],
    ...['driver=mqtt-json', `url=${url}`, 'topic=shed/door', 'value.pointer=/open'].flatMap((setting) => [
      '--set',
      `connect.${setting}`,
    ]),
    ...['--set', 'openLongerThanMs=0'],
  );
  run(
    ...['add', 'sensor', folder, '--id', 'attic-temp', '--kind', 'temperature', ...added],
    ...['--set', 'connect.driver=simulator'],
  );
  writeFileSync(siteFile, `${siteText()}\npolicy:\n  losses: { settings: 1s }\n`);
  expect(run('check', folder)).toEqual({ code: 0, out: 'No mistakes\n' });
  server = start('up', folder, '--json');
  ready = (await readReadyLine(server, 120_000)) as typeof ready;
  const { mqtt } = JSON.parse(readFileSync(join(folder, 'data/secrets.json'), 'utf8')) as {
    mqtt: { flows: string };
  };
  listener = connect(ready.mqtt, { username: 'flows-house', password: mqtt.flows });
  listener.on('message', (topic, payload) => {
    if (payload.length === 0) return;
    const value: unknown = JSON.parse(payload.toString());
    if (topic.includes('/alerts/')) alerts.push(value as Alert);
    else if (topic.endsWith('/state')) states.push(gatewayStateSchema.parse(value));
    else events.push(...([value].flat() as typeof events));
  });
  await listener.subscribeAsync(['wp/1/house/attic/state', 'wp/1/house/attic/up', 'wp/1/house/alerts/+'], {
    qos: 1,
  });
}, 180_000);
afterAll(async () => {
  for (const child of [gateway, server]) {
    if (!child) continue;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.kill('SIGTERM')) await ended;
  }
  await listener?.endAsync();
  await sensor?.endAsync();
  await deviceNetwork?.stop();
  rmSync(root, { recursive: true, force: true });
});

describe('a gateway with nothing but its claim code and the server’s address', () => {
  it('is claimed, and is told its devices', async () => {
    const ca = join(folder, 'authorities/house');
    const code = run('gateway', 'invite', 'attic', '--ca', ca).out.trim().split('\n').at(-1) ?? '';
    const claimed = run('gateway', 'claim', code, '--url', ready.door, '--into', identity);
    expect(claimed).toMatchObject({ code: 0, out: expect.stringContaining('watchpost gateway run') });
    gateway = start('gateway', 'run', identity);
    await waitFor('its devices', async () => deviceIn(newest(), 'attic-temp')?.status === 'ok');
    await waitFor('its version', async () => typeof newest()?.sitePart?.version === 'number');
    expect(
      newest()
        ?.devices.map(({ device }) => device)
        .toSorted(),
    ).toEqual(['attic-temp', 'shed-door']);
  });
  it('reports what a device says', async () => {
    await waitFor('the sensor', async () => deviceIn(newest(), 'shed-door') !== undefined);
    await sensor.publishAsync('shed/door', JSON.stringify({ open: false }), { retain: true });
    await sensor.publishAsync('shed/door', JSON.stringify({ open: true }), { retain: true });
    await waitFor('an alarm', async () => alarms().length === 1);
    await sensor.publishAsync('shed/door', JSON.stringify({ open: false }), { retain: true });
  });
  it('takes up another setting of one device while the other goes on', async () => {
    const before = newest()?.sitePart?.version ?? 0;
    const seen = states.length;
    writeFileSync(siteFile, siteText().replace('openLongerThanMs: 0', 'openLongerThanMs: 1'));
    await waitFor('the new version', async () => (newest()?.sitePart?.version ?? 0) > before);
    const temperatures = states.slice(seen).map((state) => deviceIn(state, 'attic-temp'));
    expect(new Set(temperatures.map((device) => device?.status))).toEqual(new Set(['ok']));
    const readings = temperatures.map((device) => device?.readings ?? 0);
    expect(readings).toEqual(readings.toSorted((a, b) => a - b));
    await sensor.publishAsync('shed/door', JSON.stringify({ open: true }), { retain: true });
    await waitFor('its alarm', async () => alarms().length === 2);
  });
});

describe('a file that is broken while the server runs', () => {
  const alertOf = (file: string, condition: Alert['condition']) =>
    alerts.find(
      (alert) =>
        alert.eventType === 'watchpost.settings.broken.v1' &&
        alert.condition === condition &&
        alert.details.file === file,
    );
  it('changes nothing, is shown and told with its file and line, and is over when it is mended', async () => {
    const good = siteText();
    writeFileSync(siteFile, good.replace(/^timeZone: .*$/m, 'timeZone: Mars'));
    const line = good.split('\n').findIndex((text) => text.startsWith('timeZone:')) + 1;
    await waitFor(
      'the health page',
      async () => (await health()).components.siteFiles?.status === 'degraded',
    );
    // The page is public: it names no site and no file.
    expect((await health()).components.siteFiles).toEqual({
      ...{ status: 'degraded', error: 'site.format', details: { files: 1 } },
    });
    expect(run('apply', folder)).toMatchObject({
      code: 1,
      out: expect.stringContaining(`sites/house/site.yaml:${line}`),
    });
    expect(newest()?.status).toBe('online');
    await waitFor('its alert', async () => alertOf('sites/house/site.yaml', 'active'));
    expect(alertOf('sites/house/site.yaml', 'active')?.details).toMatchObject({
      ...{ line, error: 'site.format', reason: 'version_before' },
    });
    writeFileSync(siteFile, good);
    expect(run('apply', folder)).toMatchObject({ code: 0, out: expect.stringContaining('Nothing changes.') });
    await waitFor('health', async () => (await health()).components.siteFiles?.status === 'ok');
    await waitFor('the end of its alert', async () => alertOf('sites/house/site.yaml', 'cleared'));
  });
  it('is told of server.yaml on its sites, though that counts from the next start', async () => {
    const serverFile = join(folder, 'server.yaml');
    const good = readFileSync(serverFile, 'utf8');
    writeFileSync(serverFile, `${good}\nlisen: {}\n`);
    await waitFor('its alert', async () => alertOf('server.yaml', 'active'));
    expect(alertOf('server.yaml', 'active')?.details.error).toBe('site.unknown_key');
    writeFileSync(serverFile, good);
    await waitFor('the end of its alert', async () => alertOf('server.yaml', 'cleared'));
  });
  it('that counts from the next start is said to, by the command and on the health page', async () => {
    const serverFile = join(folder, 'server.yaml');
    const good = readFileSync(serverFile, 'utf8');
    writeFileSync(serverFile, `${good}\n`);
    expect(run('apply', folder)).toMatchObject({
      code: 3,
      out: expect.stringMatching(/Restart needed.*: server\.yaml\n.*except what needs a restart/),
    });
    await waitFor(
      'the health page',
      async () => (await health()).components.restart?.error === 'site.restart_needed',
    );
    writeFileSync(serverFile, good);
    expect(run('apply', folder).code).toBe(0);
    await waitFor('health', async () => (await health()).components.restart?.status === 'ok');
  });
  it('of which nothing runs is told so', async () => {
    const elsewhere = join(root, 'elsewhere');
    expect(run('init', elsewhere, '--site', 'house').code).toBe(0);
    expect(run('apply', elsewhere)).toMatchObject({
      code: 2,
      out: expect.stringContaining('site.not_running'),
    });
  });
});
