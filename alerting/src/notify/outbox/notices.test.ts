import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Alert } from '@watchpost/contracts/alert';
import { healthSchema, noticePageSchema, receiverTestSchema } from '@watchpost/contracts/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AlertingOptions, type AlertingService, startAlerting } from '../../index.ts';
import { embeddedStore } from '../../testing/empty-cluster.ts';
import { Listener, TestBroker } from '../../testing/test-broker.ts';
import { smokeAlarm, wireEvent } from '../../testing/test-events.ts';
import { testInstructions, testSite } from '../../testing/test-site.ts';
import { answers, answerWith, WebReceiver } from '../../testing/web-receiver.ts';

const account = { user: 'chief', password: 'a password of this test' };
const folder = mkdtempSync(join(tmpdir(), 'notices-'));
const broker = new TestBroker();
const receiver = new WebReceiver();
let options: AlertingOptions;
let service: AlertingService;
let cookie: string;

async function start(): Promise<void> {
  service = await startAlerting(options);
  const answer = await fetch(`${service.address}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
  });
  cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

beforeAll(async () => {
  await broker.start();
  await receiver.start();
  writeFileSync(join(folder, 'notify-hook'), 'key of the hook', { mode: 0o600 });
  options = {
    sites: [{ site: testSite, instructions: testInstructions }],
    store: await embeddedStore(join(folder, 'store')),
    broker: { url: broker.url },
    http: { host: '127.0.0.1', port: 0 },
    accounts: [{ ...account, role: 'admin' }],
    channels: { secretsFolder: folder, allowNetworks: ['127.0.0.1'] },
  };
  await start();
}, 60_000);
afterAll(async () => {
  await service.stop();
  await receiver.stop();
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> => {
  const answer = await fetch(`${service.address}/api/v1/${path}`, {
    method,
    headers: { cookie, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
};
const told = () => receiver.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
/** Sends a smoke alarm as a gateway does, until it is an alert. */
async function alarm(): Promise<Alert> {
  const listener = new Listener(broker.url, ['wp/1/test/#']);
  const event = JSON.stringify(wireEvent(smokeAlarm({ epoch: randomUUID().replaceAll('-', ''), seq: 1 })));
  const resend = setInterval(() => listener.client.publish('wp/1/test/edge1/up', event, { qos: 1 }), 100);
  const alert = await listener.until(({ topic, payload }): Alert | undefined => {
    const found = topic.startsWith('wp/1/test/alerts/') && payload !== '' ? JSON.parse(payload) : undefined;
    return found?.state === 'open' ? found : undefined;
  });
  clearInterval(resend);
  await listener.stop();
  return alert;
}
const step = async (alert: Alert, to: string, more: object = {}): Promise<Alert> => {
  const body = { id: randomUUID(), version: alert.version, to, ...more };
  return ((await ask('POST', `alerts/${alert.id}/transitions`, body)) as { alert: Alert }).alert;
};

test('an alarm reaches a webhook with what to do, over a receiver that fails and a restart, and once more when it is over', async () => {
  const id = randomUUID();
  const address = { kind: 'webhook', url: `${receiver.url}/hook`, key: 'notify-hook' };
  const severities = ['critical', 'high'];
  await ask('POST', 'receivers', { id, name: 'Fire post', language: 'en', severities, address });
  expect(receiverTestSchema.parse(await ask('POST', `receivers/${id}/test`, {}))).toEqual({
    ...{ outcome: 'sent', code: null },
  });
  receiver.answer = answerWith(503);
  const alert = await alarm();
  await expect.poll(() => told().length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
  await service.stop();
  receiver.answer = answers.ok;
  await start();
  const log = async () => noticePageSchema.parse(await ask('GET', `notices?subject=${alert.id}`)).notices;
  await expect.poll(async () => (await log())[0]?.state, { timeout: 30_000 }).toBe('sent');
  const tries = told().filter(({ kind }) => kind === 'opened');
  // The same notice each time.
  expect(new Set(tries.map((one) => one.id)).size).toBe(1);
  expect(tries.at(-1)).toMatchObject({
    subject: alert.id,
    severity: 'critical',
    title: 'Smoke alarm, Store room',
  });
  expect(String(tries.at(-1)?.body)).toContain('To do: Evacuate, then call.\nCall Fire brigade: 119');
  const taken = await step(alert, 'acknowledged');
  await step(taken, 'resolved', { disposition: 'test' });
  await expect.poll(() => told().at(-1)?.kind, { timeout: 20_000 }).toBe('cleared');
  expect((await log()).map(({ kind, state }) => `${kind} ${state}`)).toEqual(['cleared sent', 'opened sent']);
  expect(told().filter(({ kind }) => kind === 'cleared')).toHaveLength(1);
}, 120_000);

test('a receiver that refuses is a fault that the health page and an alert of its own tell', async () => {
  receiver.answer = answerWith(401);
  const refused = await alarm();
  const listed = async () =>
    ((await ask('GET', 'alerts')) as { alerts: Alert[] }).alerts.map(({ details }) => details.error);
  await expect.poll(listed, { timeout: 30_000 }).toContain('notify.credentials');
  const health = async () =>
    healthSchema.parse(await (await fetch(`${service.address}/healthz`)).json()).components.notices;
  await expect
    .poll(health, { timeout: 30_000 })
    .toMatchObject({ status: 'degraded', error: 'notify.credentials' });
  expect(refused.state).toBe('open');
}, 120_000);

test('an incident goes by the steps of its policy through the whole service, until somebody takes it', async () => {
  receiver.answer = answers.ok;
  const id = randomUUID();
  const address = { kind: 'webhook', url: `${receiver.url}/steps`, key: 'notify-hook' };
  await ask('POST', 'receivers', { id, name: 'Post by steps', language: 'en', severities: [], address });
  const targets = [{ kind: 'receiver', receiver: id }];
  await ask('POST', 'escalation/policies', {
    ...{ id: randomUUID(), version: null, name: 'Always', place: 1, zones: null, concerns: null },
    severities: ['critical', 'high', 'medium', 'low'],
    steps: [{ waitSeconds: 0, targets, repeat: { everySeconds: 60, times: null } }],
  });
  // What the tests before left open would take the alarm in.
  for (const open of ((await ask('GET', 'alerts')) as { alerts: Alert[] }).alerts)
    if (open.state === 'open')
      await step(await step(open, 'acknowledged'), 'resolved', { disposition: 'test' });
  const known = receiver.received.length;
  const alert = await alarm();
  const subjects = () =>
    receiver.received
      .slice(known)
      .filter(({ path }) => path === '/steps')
      .map(({ body }) => (JSON.parse(body) as { subject: string }).subject);
  await expect.poll(subjects, { timeout: 20_000 }).toHaveLength(1);
  const [subject] = subjects();
  const run = async () =>
    ((await ask('GET', `escalation/runs?subject=${subject}`)) as { runs: { state: string }[] }).runs[0]
      ?.state;
  expect(await run()).toBe('running');
  await step(alert, 'acknowledged');
  await expect.poll(run, { timeout: 20_000 }).not.toBe('running');
  const health = async () =>
    healthSchema.parse(await (await fetch(`${service.address}/healthz`)).json()).components.escalation;
  expect(await health()).toMatchObject({ status: 'ok' });
}, 120_000);
