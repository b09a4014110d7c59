import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Pass, type PassLink, passLinkSchema, passSchema } from '@watchpost/contracts/api';
import { connect, type MqttClient } from 'mqtt';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { waitFor } from '../support/wait-for.ts';
import { killProcessesOf, type Ready, readReadyLine } from '../support/watchpost-process.ts';

// A pass from the console to two gates of two gateways, one on the server and one that was claimed. What they
// do while nobody counts: tests/suites/pass-uses.test.ts.
const bin = fileURLToPath(new URL('../../cli/bin/watchpost.mjs', import.meta.url));
const artifacts = fileURLToPath(new URL('./artifacts', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'watchpost-told-passes-'));
const folder = join(root, 'server');
const identity = join(root, 'gateway');
const siteFile = join(folder, 'sites/house/site.yaml');
const environment = {
  ...process.env,
  ...{
    WATCHPOST_HTTP_PORT: '0',
    WATCHPOST_MQTT_PORT: '0',
    WATCHPOST_DATA: join(folder, 'data'),
    LC_ALL: 'C',
  },
};
const gates = ['front', 'back'] as const;
type Gate = (typeof gates)[number];

let server: ChildProcess;
let gateway: ChildProcess;
let listener: MqttClient;
let browser: Browser;
let ready: Ready & { readonly door: string; readonly welcome: string };
let cookie = '';
const readers = new Map<Gate, { readonly server: Server; socket: Socket | undefined }>();
const said: {
  readonly gate: string;
  readonly type: string;
  readonly reason?: string;
  readonly jti?: string;
}[] = [];

/** Ids of the events that were heard. */
const heard = new Set<string>();

const run = (...args: readonly string[]) =>
  execFileSync(process.execPath, [bin, ...args, '--lang', 'en'], { encoding: 'utf8', env: environment });
const start = (...args: readonly string[]) =>
  spawn(process.execPath, [bin, ...args], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });

/** Asks the API, by the certificate that whoever installs the root trusts. */
function ask(method: string, path: string, body?: object): Promise<{ status: number; json: unknown }> {
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(
      new URL(`/api/v1${path}`, ready.console),
      {
        ...{ method, agent: false, ca: readFileSync(join(folder, 'web/root.pem')) },
        headers: { cookie, 'content-type': 'application/json' },
      },
      (response) => {
        let text = '';
        const [set] = response.headers['set-cookie'] ?? [];
        if (set) cookie = set.split(';')[0] ?? '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, json: text && JSON.parse(text) }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body && JSON.stringify(body));
  });
}

const issue = async (of: readonly Gate[], maxUses: number): Promise<{ id: string; text: string }> => {
  const body = {
    ...{ id: randomUUID(), gates: of, purpose: 'work', reference: 'WO-4711', maxUses },
    notAfter: new Date(Date.now() + 3_600_000).toISOString(),
  };
  const { id } = passSchema.parse((await ask('POST', '/passes', body)).json);
  const { json } = await ask('POST', `/passes/${id}/show`, {});
  return { id, text: (json as { text: string }).text };
};
const passOf = async (id: string): Promise<Pass> =>
  passSchema.parse((await ask('GET', `/passes/${id}`)).json);

/** Holds a code in front of a reader; settles with what its gate says of it. */
async function scan(gate: Gate, text: string): Promise<string> {
  // Longer than one showing lasts.
  await new Promise((resolve) => setTimeout(resolve, 1_300));
  const before = said.length;
  const reader = readers.get(gate);
  await waitFor(`the reader of ${gate}`, () => reader?.socket);
  reader?.socket?.write(`${text}\r\n`);
  const answer = await waitFor(`a word of ${gate}`, () =>
    said.slice(before).find((one) => one.gate === gate),
  );
  return answer.reason ?? 'accepted';
}

beforeAll(async () => {
  mkdirSync(artifacts, { recursive: true });
  for (const gate of gates) {
    const one = { server: createServer(), socket: undefined as Socket | undefined };
    one.server.on('connection', (socket) => {
      socket.on('error', () => undefined);
      one.socket = socket;
    });
    await new Promise<void>((resolve) => one.server.listen(0, '127.0.0.1', resolve));
    readers.set(gate, one);
  }
  run('init', folder, '--site', 'house', '--host', 'localhost', '--host', '127.0.0.1');
  const portOf = (gate: Gate) => (readers.get(gate)?.server.address() as AddressInfo | null)?.port ?? 0;
  const device = (gate: Gate, of: string) => `
  - id: reader-${gate}
    kind: code_reader
    gateway: ${of}
    zone: inside
    profile: generic-code-reader
    name: { zh-CN: 读码器, en: Reader }
    mount: { at: [5, 5] }
    audience: ${gate}
    connect: { driver: tcp, host: 127.0.0.1, port: ${portOf(gate)} }`;
  writeFileSync(
    siteFile,
    readFileSync(siteFile, 'utf8')
      .replace(/^gateways:\n/m, 'gateways:\n  - id: attic\n')
      .replace('devices: []', `devices:${device('front', 'gw-1')}${device('back', 'attic')}`),
  );
  expect(run('check', folder)).toBe('No mistakes\n');
  server = start('up', folder, '--json');
  ready = (await readReadyLine(server, 150_000)) as typeof ready;
  const { mqtt } = JSON.parse(readFileSync(join(folder, 'data/secrets.json'), 'utf8')) as {
    mqtt: { flows: string };
  };
  listener = connect(ready.mqtt, { username: 'flows-house', password: mqtt.flows });
  listener.on('message', (_topic, payload) => {
    const events = [JSON.parse(payload.toString())].flat() as {
      id: string;
      type: string;
      source: string;
      data: { reason?: string; jti?: string };
    }[];
    // What has no receipt is sent again.
    for (const { id, type, source, data } of events)
      if (type.startsWith('watchpost.pass.') && !heard.has(id) && heard.add(id))
        said.push({ gate: source.split('/reader-')[1] ?? '', type, ...data });
  });
  await listener.subscribeAsync('wp/1/house/+/up', { qos: 1 });
  const token = new URL(ready.welcome).hash.slice(1);
  const made = await ask('POST', '/account-link/password', {
    token,
    user: 'ana',
    password: 'a long password',
  });
  expect(made.status).toBe(200);
  const code = run('gateway', 'invite', 'attic', '--ca', join(folder, 'authorities/house'));
  run('gateway', 'claim', code.trim().split('\n').at(-1) ?? '', '--url', ready.door, '--into', identity);
  gateway = start('gateway', 'run', identity);
  browser = await openBrowser();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  gateway?.kill('SIGTERM');
  await listener?.endAsync(true);
  killProcessesOf(join(folder, 'data'));
  for (const { server: one, socket } of readers.values()) {
    socket?.destroy();
    one.close();
  }
  rmSync(root, { recursive: true, force: true });
});

describe('a pass', () => {
  it('is signed with a key of the site that only its owner may read, and that every gateway knows', async () => {
    expect(statSync(join(folder, 'data/passes/house.json')).mode & 0o777).toBe(0o600);
    for (const gate of gates) {
      const { text } = await issue([gate], 1);
      expect([gate, await scan(gate, text)]).toEqual([gate, 'accepted']);
      expect([gate, await scan(gate, text)]).toEqual([gate, 'used_up']);
    }
  });

  it('is counted over both gateways, and refused at once when it is revoked', async () => {
    const { id, text } = await issue(gates, 3);
    expect([await scan('front', text), await scan('back', text)]).toEqual(['accepted', 'accepted']);
    expect(await passOf(id)).toMatchObject({ uses: 2, state: 'valid' });
    await ask('POST', `/passes/${id}/revoke`, { reason: 'not needed' });
    expect([await scan('front', text), await scan('back', text)]).toEqual(['revoked', 'revoked']);
  });

  it.each([
    ['zh-CN', 390],
    ['en-US', 320],
  ] as const)(
    'is on the visitor’s phone by its link, %s at %i pixels, until it is revoked',
    async (locale, width) => {
      const { id } = await issue(['front'], 1);
      const { token } = passLinkSchema.parse((await ask('POST', `/passes/${id}/link`, {})).json) as PassLink;
      const context = await browser.newContext({
        ...{ ignoreHTTPSErrors: true, locale, viewport: { width, height: 700 } },
      });
      const page = await context.newPage();
      const address = new URL(`/pass#${token}`, ready.console).href;
      await page.goto(address);
      await page.getByTestId('qr-code').waitFor();
      await page.screenshot({ path: join(artifacts, `pass-${locale}-${width}.png`) });
      const { scrollWidth } = await page.evaluate(() => ({ scrollWidth: document.body.scrollWidth }));
      expect(scrollWidth).toBeLessThanOrEqual(width);
      await ask('POST', `/passes/${id}/revoke`, { reason: 'not needed' });
      await page.reload();
      await page.getByTestId('linked-problem').filter({ hasText: /\S/ }).waitFor();
      expect(await page.getByTestId('qr-code').count()).toBe(0);
      await context.close();
    },
  );

  it('is issued, printed and revoked in the browser', async () => {
    const context = await browser.newContext({
      ...{ ignoreHTTPSErrors: true, locale: 'en-US', viewport: { width: 390, height: 800 } },
    });
    const page = await context.newPage();
    await page.goto(ready.console);
    await page.getByTestId('login-user').fill('ana');
    await page.getByTestId('login-password').fill('a long password');
    await page.getByTestId('login-submit').click();
    await page.locator('[data-testid="alert-list"][data-loaded="true"]').waitFor();
    await page.goto(new URL('/manage/passes', ready.console).href);
    await page.getByTestId('passes-new').click();
    await page.getByTestId('pass-reference').fill('WO-4711');
    await page.screenshot({ path: join(artifacts, 'passes-form-390.png'), fullPage: true });
    await page.getByTestId('pass-issue').click();
    await page.getByTestId('pass-show').click();
    await page.getByTestId('qr-code').waitFor();
    await page.screenshot({ path: join(artifacts, 'passes-one-390.png'), fullPage: true });
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByTestId('pass-facts').isVisible()).toBe(false);
    expect(await page.getByTestId('qr-code').isVisible()).toBe(true);
    await page.screenshot({ path: join(artifacts, 'passes-print.png') });
    await page.emulateMedia({ media: 'screen' });
    await page.getByTestId('pass-revoke').click();
    await page.getByTestId('pass-revoke-reason').fill('not needed');
    await page.getByTestId('pass-revoke-confirm').click();
    await page.getByTestId('pass-revoked').waitFor();
    await page.getByTestId('pass-back').click();
    await page.getByTestId('passes-open').first().waitFor();
    await page.screenshot({ path: join(artifacts, 'passes-list-390.png') });
    const width = await page.evaluate(() => document.body.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
    await context.close();
  });
});
