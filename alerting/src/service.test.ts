import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Alert } from '@watchpost/contracts/alert';
import { healthSchema } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import type { Receipt } from '@watchpost/contracts/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AlertingOptions, type AlertingService, startAlerting } from './index.ts';
import { Listener, TestBroker } from './testing/test-broker.ts';
import { smokeAlarm, wireEvent } from './testing/test-events.ts';
import { testSite } from './testing/test-site.ts';

const broker = new TestBroker();
const folder = mkdtempSync(join(tmpdir(), 'alerting-'));
const account = { user: 'demo', password: 'demo-password' };
let options: AlertingOptions;
let service: AlertingService;

beforeAll(async () => {
  await broker.start();
  await broker.stop();
  options = {
    sites: [{ site: testSite }],
    store: { kind: 'embedded', folder },
    broker: { url: broker.url },
    http: { host: '127.0.0.1', port: 0 },
    accounts: [{ ...account, role: 'admin' }],
    probes: { edge: () => ({ status: 'degraded', error: 'edge.source_lost' }) },
  };
  service = await startAlerting(options);
});
afterAll(async () => {
  await service.stop();
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function logIn(): Promise<string> {
  const answer = await fetch(`${service.address}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
  });
  expect(answer.status).toBe(200);
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

async function health() {
  const answer = await fetch(`${service.address}/healthz`);
  return { status: answer.status, ...healthSchema.parse(await answer.json()).components };
}

/** Sends one event as a gateway would and waits for its receipt and its alert. */
async function deliver(seq: number): Promise<{ receipt: Receipt; alert: Alert }> {
  const listener = new Listener(broker.url, ['wp/1/test/#']);
  const event = wireEvent(smokeAlarm({ seq }));
  // As a gateway does: again and again until the receipt comes; nobody may be listening yet.
  const send = () => listener.client.publish('wp/1/test/edge1/up', JSON.stringify(event), { qos: 1 });
  const resend = setInterval(send, 200);
  send();
  const receipt = await listener.until(({ topic, payload }): Receipt | undefined => {
    const found = topic === 'wp/1/test/edge1/receipt' ? JSON.parse(payload) : undefined;
    return found?.seq === seq ? found : undefined;
  });
  clearInterval(resend);
  const alert = await listener.until(({ topic, payload }): Alert | undefined => {
    const found = topic.startsWith('wp/1/test/alerts/') ? JSON.parse(payload) : undefined;
    return found?.eventCount === seq ? found : undefined;
  });
  await listener.stop();
  return { receipt, alert };
}

test('comes up without a broker and says so; connects when there is one; an event goes all the way', async () => {
  expect(await health()).toMatchObject({
    status: 503,
    store: { status: 'ok', details: { hypertables: false } },
    brokerLink: { status: 'down', error: 'broker.unreachable' },
    edge: { status: 'degraded', error: 'edge.source_lost' },
  });
  await broker.start();
  const { receipt, alert } = await deliver(1);
  expect(receipt).toMatchObject({ seq: 1 });
  expect(alert).toMatchObject({ severity: 'critical', state: 'open', device: 'smoke1' });
  // An answer about health is good for a moment.
  await expect
    .poll(health, { timeout: 20_000 })
    .toMatchObject({ status: 200, brokerLink: { status: 'ok' }, ingest: { status: 'ok' } });
  const headers = { cookie: await logIn() };
  const page = await fetch(`${service.address}/api/v1/alerts`, { headers });
  expect(await page.json()).toMatchObject({ alerts: [{ id: alert.id }], next: null });
});

const [gate, ...zones] = testSite.zones as [Site['zones'][number], ...Site['zones']];
const [device, ...devices] = testSite.devices as [Site['devices'][number], ...Site['devices']];
test.each<[string, object, string]>([
  ['a time zone that there is not', { timeZone: 'Mars/Olympus' }, '/sites/0/site/timeZone'],
  [
    'a criticality beyond its range',
    { zones: [{ ...gate, criticality: 7 }, ...zones] },
    '/sites/0/site/zones/0/criticality',
  ],
  ['a zone twice', { zones: [...testSite.zones, gate] }, `/sites/0/site/zones/${testSite.zones.length}/id`],
  ['a gateway twice', { gateways: ['edge1', 'edge2', 'edge1'] }, '/sites/0/site/gateways/2'],
  [
    'a gateway with the name of alerting',
    { gateways: ['edge1', 'edge2', 'alerting'] },
    '/sites/0/site/gateways/2',
  ],
  [
    'a device of no zone',
    { devices: [{ ...device, zone: 'moon' }, ...devices] },
    '/sites/0/site/devices/0/zone',
  ],
  [
    'a device of no gateway',
    { devices: [{ ...device, gateway: 'edge9' }, ...devices] },
    '/sites/0/site/devices/0/gateway',
  ],
  [
    'a device named like a gateway',
    { devices: [{ ...device, id: 'edge1' }, ...devices] },
    '/sites/0/site/devices/0/id',
  ],
  [
    'a place that is no number',
    { devices: [{ ...device, at: [1, Number.NaN] }, ...devices] },
    '/sites/0/site/devices/0/at/1',
  ],
  ['a setting that there is not', { colour: 'red' }, '/sites/0/site/colour'],
  ['no plan', { plan: undefined }, '/sites/0/site/plan'],
])('a site with %s is refused at the start, with the place of the fault', async (_what, change, path) => {
  const other = join(folder, 'never-made');
  const site = { ...testSite, ...change } as Site;
  const started = startAlerting({
    ...options,
    sites: [{ site }],
    store: { kind: 'embedded', folder: other },
  });
  await expect(started).rejects.toMatchObject({ code: 'config.invalid', path });
  expect(existsSync(other)).toBe(false);
});

test('a second service on the same folder or port is refused and leaves nothing behind', async () => {
  await expect(startAlerting(options)).rejects.toMatchObject({ code: 'config.data_folder' });
  const other = mkdtempSync(join(tmpdir(), 'alerting-'));
  const clash = {
    ...options,
    store: { kind: 'embedded', folder: other },
    http: { host: '127.0.0.1', port: service.port },
  } as const;
  await expect(startAlerting(clash)).rejects.toMatchObject({ code: 'config.port_taken' });
  expect(readdirSync(other)).toEqual(['pg']);
  rmSync(other, { recursive: true, force: true });
});

test('stops, and goes on with the same data', async () => {
  await service.stop();
  await service.stop();
  expect(readdirSync(folder)).not.toContain('in-use.lock');
  service = await startAlerting(options);
  const { alert } = await deliver(2);
  expect(alert.version).toBe(2);
});

test('neither a password nor a session token is anywhere in the data folder', async () => {
  const token = (await logIn()).split('=')[1] ?? '';
  await service.stop();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const found = files.filter((file) => {
    const content = readFileSync(join(file.parentPath, file.name));
    return content.includes(account.password) || content.includes(token);
  });
  expect(token.length).toBeGreaterThan(40);
  expect(files.length).toBeGreaterThan(100);
  expect(found).toEqual([]);
});
