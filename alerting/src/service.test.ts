import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AlertingService, startAlerting } from './index.ts';
import { Listener, TestBroker } from './testing/test-broker.ts';
import { smokeAlarm, wireEvent } from './testing/test-events.ts';
import { testSite } from './testing/test-site.ts';

const broker = new TestBroker();
const folder = mkdtempSync(join(tmpdir(), 'alerting-'));
let service: AlertingService;

beforeAll(async () => {
  await broker.start();
  service = await startAlerting({
    site: testSite,
    store: { kind: 'embedded', folder },
    broker: { url: broker.url },
    http: { host: '127.0.0.1', port: 0 },
    accounts: [{ user: 'demo', password: 'demo-password', role: 'admin' }],
  });
});
afterAll(async () => {
  await service.stop();
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('an event becomes a receipt, a retained alert and a line of the event stream', async () => {
  const login = await fetch(`${service.address}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'demo', password: 'demo-password' }),
  });
  expect(login.status).toBe(200);
  const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const listener = new Listener(broker.url, ['wp/1/test/#']);
  const event = wireEvent(smokeAlarm());
  await listener.client.publishAsync('wp/1/test/edge1/up', JSON.stringify(event), { qos: 1 });
  const receipt = await listener.until(({ topic, payload }) =>
    topic === 'wp/1/test/edge1/receipt' ? JSON.parse(payload) : undefined,
  );
  expect(receipt).toMatchObject({ epoch: event.epoch, seq: 1 });
  const alert = await listener.until(({ topic, payload }) =>
    topic.startsWith('wp/1/test/alerts/') ? JSON.parse(payload) : undefined,
  );
  expect(alert).toMatchObject({ severity: 'critical', state: 'open', device: 'smoke1' });
  const page = await fetch(`${service.address}/api/v1/alerts`, { headers: { cookie } });
  expect(await page.json()).toMatchObject({ alerts: [{ id: alert.id }], next: null });
  const heat = await fetch(`${service.address}/api/v1/heat`, { headers: { cookie } });
  expect((await heat.json()).cells.length).toBeGreaterThan(5);
  const health = await fetch(`${service.address}/healthz`);
  expect(await health.json()).toMatchObject({ status: 'ok' });
  await listener.stop();
});
