import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AlertingService, startAlerting } from '../../alerting/src/index.ts';
import { MailServer } from '../../alerting/src/testing/mail-server.ts';
import { Listener, TestBroker } from '../../alerting/src/testing/test-broker.ts';
import { doorAlarm, smokeAlarm, wireEvent } from '../../alerting/src/testing/test-events.ts';
import { testSite } from '../../alerting/src/testing/test-site.ts';
import { openBrowser } from '../support/browser.ts';
import { waitFor } from '../support/wait-for.ts';

// A mail with a link, a telephone, and one press.

const password = 'a password for the night';
const folder = mkdtempSync(join(tmpdir(), 'link-'));
const secretsFolder = mkdtempSync(join(tmpdir(), 'link-secrets-'));
const broker = new TestBroker();
const mail = new MailServer({ authOptional: true });
let service: AlertingService;
let browser: Browser;
const cookies = new Map<string, string>();

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

beforeAll(async () => {
  await broker.start();
  await mail.start();
  browser = await openBrowser();
  const port = await freePort();
  service = await startAlerting({
    sites: [{ site: testSite }],
    store: { kind: 'embedded', folder },
    broker: { url: broker.url },
    http: { host: '127.0.0.1', port, publicUrl: `http://127.0.0.1:${port}` },
    accounts: [
      { user: 'admin', password, role: 'admin' },
      { user: 'ana', password, role: 'officer' },
    ],
    channels: {
      ...{ secretsFolder, allowNetworks: ['127.0.0.1'] },
      mail: { host: '127.0.0.1', port: mail.port, security: 'none', from: 'alarm@watch.example' },
    },
  });
  await receiveMails();
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
  await Promise.all([broker.stop(), mail.stop()]);
  for (const path of [folder, secretsFolder]) rmSync(path, { recursive: true, force: true });
});

async function ask<T>(who: string, method: string, path: string, body?: unknown): Promise<T> {
  const send = (cookie: string, to: string, how: string, content?: unknown) =>
    fetch(`${service.address}/api/v1/${to}`, {
      method: how,
      headers: { cookie, ...(content === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(content === undefined ? {} : { body: JSON.stringify(content) }),
    });
  if (!cookies.has(who)) {
    const session = await send('', 'session', 'POST', { user: who, password });
    cookies.set(who, session.headers.getSetCookie()[0]?.split(';')[0] ?? '');
  }
  const answer = await send(cookies.get(who) ?? '', path, method, body);
  const text = await answer.text();
  expect(answer.ok, `${method} ${path}: ${text}`).toBe(true);
  return JSON.parse(text || 'null') as T;
}

/** Ana’s mails, verified by the code that came. */
async function receiveMails(): Promise<void> {
  const id = randomUUID();
  const { people } = await ask<{ people: { id: string; name: string }[] }>('admin', 'GET', 'duty/people');
  await ask('admin', 'POST', 'receivers', {
    ...{ id, name: 'Ana', account: people.find(({ name }) => name === 'ana')?.id ?? null, language: 'en' },
    ...{ severities: ['critical', 'high', 'medium', 'low'], cap: null },
    address: { kind: 'smtp', to: 'ana@watch.example' },
  });
  await ask('admin', 'POST', `receivers/${id}/code`, {});
  const code = /Code: (\d{6})/.exec(mail.mails.at(-1)?.text ?? '')?.[1];
  await ask('admin', 'POST', `receivers/${id}/verify`, { code });
}

/** Sends an event as a gateway does, until a mail tells of it; the link in that. */
async function linkOf(sketch: ReturnType<typeof smokeAlarm>): Promise<string> {
  const known = mail.mails.length;
  const gateway = new Listener(broker.url, ['wp/1/test/edge1/receipt']);
  const event = JSON.stringify(wireEvent({ ...sketch, epoch: randomUUID().replaceAll('-', '') }));
  const again = setInterval(() => gateway.client.publish('wp/1/test/edge1/up', event, { qos: 1 }), 500);
  try {
    return await waitFor(
      'a mail with a link',
      () => /http:\S+\/acknowledge#\S+/.exec(mail.mails.slice(known).at(-1)?.text ?? '')?.[0],
    );
  } finally {
    clearInterval(again);
    await gateway.stop();
  }
}
const states = async (): Promise<string[]> =>
  (
    await ask<{ alerts: { state: string; acknowledgedBy: string | null }[] }>('ana', 'GET', 'alerts')
  ).alerts.map(({ state, acknowledgedBy }) => `${state} ${acknowledgedBy}`);

async function open(link: string, locale = 'en-GB'): Promise<{ page: Page; asked: string[] }> {
  const context = await browser.newContext({ locale, viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(`${request.url()} ${request.headers().referer ?? ''}`));
  await page.goto(link);
  await page.locator('#press').waitFor();
  return { page, asked };
}

test('the link of a mail opens a page on a telephone, and one press takes the incident', async () => {
  const link = await linkOf(doorAlarm({ data: { kind: 'door' } }));
  const token = link.split('#')[1] ?? '';
  const { page, asked } = await open(link, 'zh-CN');
  expect(await page.locator('#press').innerText()).toContain('我来受理');
  expect(await page.locator('#what').innerText()).not.toBe('');
  // The secret is in no address, neither of a request nor in the history.
  expect(page.url()).not.toContain(token);
  expect(asked.filter((one) => one.includes(token) && !one.startsWith(link))).toEqual([]);
  expect(await states()).toEqual(['open null']);
  const box = await page.locator('#press').boundingBox();
  expect(box?.height ?? 0).toBeGreaterThanOrEqual(48);
  await page.locator('#press').click();
  await page.locator('[data-end="done"]').waitFor();
  expect(await states()).toEqual(['acknowledged ana']);
  // Whoever has the link later is told that it was used.
  const later = await page.context().newPage();
  await later.goto(link);
  await later.locator('[data-end="acknowledge.link_used"]').waitFor();
  await page.context().close();
});

test('for what is grave the page asks for a log-in, and takes it after that', async () => {
  const link = await linkOf(smokeAlarm());
  const { page } = await open(link);
  await page.locator('#login').waitFor();
  await page.locator('#press').click();
  await page.locator('[data-end="acknowledge.log_in_needed"]').waitFor();
  expect((await states()).filter((one) => one.startsWith('open'))).toHaveLength(1);
  // As the console logs in, in another tab of the same browser.
  await page.evaluate(
    async (body) =>
      fetch('/api/v1/session', {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body },
      }),
    JSON.stringify({ user: 'ana', password }),
  );
  await page.locator('#press').click();
  await page.locator('[data-end="done"]').waitFor();
  expect((await states()).every((one) => one === 'acknowledged ana')).toBe(true);
  await page.context().close();
});
