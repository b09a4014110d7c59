import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrokerService, startBroker } from '@watchpost/broker';
import { mqttAccessSchema } from '@watchpost/contracts/api';
import { newTokenKey, publicTokenKey } from '@watchpost/identity';
import mqtt from 'mqtt';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startAlerting } from '../../alerting/src/index.ts';
import { embeddedStore } from '../../alerting/src/testing/empty-cluster.ts';
import { demoSite } from '../support/demo-site.ts';

const { kinds: _, ...key } = newTokenKey({ kid: 'officers' });
const password = 'a password of this test';
let folder: string;
let broker: BrokerService;
let service: Awaited<ReturnType<typeof startAlerting>> | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-officer-'));
  const keys = [publicTokenKey({ ...key, kinds: ['officer'] })];
  broker = await startBroker({ port: 0, tokens: { site: demoSite.id, keys } });
});
afterEach(async () => {
  await service?.stop();
  await broker.stop();
  rmSync(folder, { recursive: true });
});

/** The answer to a logged-in officer who asks for a token. */
async function askForToken(
  more: Partial<Parameters<typeof startAlerting>[0]>,
  user = 'wang.li@example',
): Promise<Response> {
  service = await startAlerting({
    sites: [{ site: demoSite }],
    store: await embeddedStore(join(folder, 'store')),
    broker: { url: `mqtt://127.0.0.1:${broker.port}` },
    http: { host: '127.0.0.1', port: 0 },
    accounts: [{ user, password, role: 'officer' }],
    ...more,
  });
  const headers = { 'content-type': 'application/json' };
  const logIn = { method: 'POST', headers, body: JSON.stringify({ user, password }) };
  const { headers: answer } = await fetch(`${service.address}/api/v1/session`, logIn);
  const cookie = answer.getSetCookie()[0]?.split(';')[0] ?? '';
  return fetch(`${service.address}/api/v1/mqtt-token`, {
    method: 'POST',
    headers: { ...headers, cookie },
    body: '{}',
  });
}

it('lets an app of an officer who is logged in follow alerts at the broker, and no more', async () => {
  const answer = await askForToken({ officerTokens: { key } });
  expect(answer.status).toBe(200);
  const access = mqttAccessSchema.parse(await answer.json());
  const lifeMs = Date.parse(access.expires) - Date.now();
  expect(lifeMs).toBeGreaterThan(0);
  expect(lifeMs).toBeLessThanOrEqual(15 * 60_000);
  const { username, password: secret } = access;
  const app = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, { username, password: secret });
  expect(await app.subscribeAsync(`wp/1/${demoSite.id}/alerts/+`)).toMatchObject([{ qos: 0 }]);
  await expect(app.subscribeAsync(`wp/1/${demoSite.id}/gw-1/up`)).rejects.toThrow();
  await app.endAsync(true);
  const forged = { username, password: `${secret.slice(0, -6)}AAAAAA`, reconnectPeriod: 0 };
  await expect(mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, forged)).rejects.toThrow();
});

it('gives none where the site has no key for it, and none without a session', async () => {
  expect((await askForToken({})).status).toBe(404);
  const headers = { 'content-type': 'application/json' };
  const stranger = await fetch(`${service?.address}/api/v1/mqtt-token`, {
    method: 'POST',
    headers,
    body: '{}',
  });
  expect(stranger.status).toBe(401);
});
