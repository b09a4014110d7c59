import { randomUUID } from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Pass, type PassLink, passLinkSchema, passSchema, plateSchema } from '@watchpost/contracts/api';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { ToldHouse } from '../support/told-house.ts';
import { waitFor } from '../support/wait-for.ts';

// A pass from the console to two gates of two gateways, one on the server and one that was claimed; and an
// address plate at a reader. What gates do while nobody counts: tests/suites/pass-uses.test.ts.
const artifacts = fileURLToPath(new URL('./artifacts', import.meta.url));
const house = ToldHouse.init('passes');
const gates = ['front', 'back'] as const;
type Gate = (typeof gates)[number];

let browser: Browser;
const readers = new Map<Gate, { readonly server: Server; socket: Socket | undefined }>();
const said: {
  readonly gate: string;
  readonly type: string;
  readonly reason?: string;
  readonly jti?: string;
}[] = [];

/** Ids of the events that were heard. */
const heard = new Set<string>();

const ask = (method: string, path: string, body?: object) => house.ask(method, `/api/v1${path}`, body);

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
  house.editSite((text) =>
    text
      .replace('devices: []', `devices:${device('front', 'gw-1')}${device('back', 'attic')}`)
      .concat('\npasses: { plateDomain: plates.example }\n'),
  );
  expect(house.run('check', house.folder)).toEqual({ code: 0, out: 'No mistakes\n' });
  await house.up();
  await house.listen(['wp/1/house/+/up'], (_topic, payload) => {
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
  await house.logIn('ana', 'a long password');
  expect(house.claimAttic().code).toBe(0);
  house.startAttic();
  browser = await openBrowser();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  for (const { server: one, socket } of readers.values()) {
    socket?.destroy();
    one.close();
  }
  await house.close();
});

describe('a pass', () => {
  it('is signed with a key of the site that only its owner may read, and that every gateway knows', async () => {
    expect(statSync(join(house.folder, 'data/passes/house.json')).mode & 0o777).toBe(0o600);
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
      const address = new URL(`/pass#${token}`, house.ready.console).href;
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
    await page.goto(house.ready.console);
    await page.getByTestId('login-user').fill('ana');
    await page.getByTestId('login-password').fill('a long password');
    await page.getByTestId('login-submit').click();
    await page.locator('[data-testid="alert-list"][data-loaded="true"]').waitFor();
    await page.goto(new URL('/manage/passes', house.ready.console).href);
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

describe('an address plate', () => {
  it('that the server issued is read at the gates of both gateways, counted, and opens none', async () => {
    expect(statSync(join(house.folder, 'data/plates/house.json')).mode & 0o777).toBe(0o600);
    const body = { id: randomUUID(), zone: 'inside', address: 'B3', name: 'Block 3' };
    const { text } = plateSchema.parse((await ask('POST', '/plates', body)).json);
    expect(text).toMatch(/^https:\/\/plates\.example\/a\//);
    const before = said.length;
    for (const gate of gates) {
      const reader = readers.get(gate);
      await waitFor(`the reader of ${gate}`, () => reader?.socket);
      reader?.socket?.write(`${text}\r\n`);
    }
    const plate = async () => plateSchema.parse((await ask('GET', `/plates/${body.id}`)).json);
    await waitFor('both scans', async () => (await plate()).scans.count === 2);
    const { scansSeen } = await plate();
    expect(scansSeen.map(({ gateway }) => gateway).toSorted()).toEqual(['attic', 'gw-1']);
    expect(said.slice(before)).toEqual([]);
  });
});
