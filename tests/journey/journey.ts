import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { listPageSchema } from '@watchpost/contracts/api';
import { expandMacros, grafanaQueries } from '@watchpost/grafana';
import { connectAsync } from 'mqtt';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clipSeconds } from '../../demo/src/timeline.ts';
import { ApiClient, health } from '../support/api-client.ts';
import { openBrowser } from '../support/browser.ts';
import { strangersAtTheGate } from '../support/demo-pictures.ts';
import { dumpTables, type Query } from '../support/stored-content.ts';
import {
  findTraces,
  findTracesBelow,
  type StrangerTraces,
  strangerTraces,
} from '../support/stranger-traces.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  killProcessesOf,
  processesOf,
  startWatchpost,
  type WatchpostProcess,
} from '../support/watchpost-process.ts';
import { tapWire, type WireTap } from '../support/wire-tap.ts';
import { badMessages } from './bad-messages.ts';

/** Which store a journey runs on. */
export interface JourneyStore {
  readonly name: 'embedded' | 'server';
  /** Settings that choose the store; made before the first start. */
  readonly environment: () => Promise<Readonly<Record<string, string>>>;
  /** Opens what was stored; Watchpost has stopped. */
  readonly query: <T>(dataFolder: string, use: (query: Query) => Promise<T>) => Promise<T>;
  readonly cleanUp: () => Promise<void>;
}

const artifacts = fileURLToPath(new URL('./artifacts/', import.meta.url));
const row = (type: string, kind: string): string =>
  `[data-testid="alert-row"][data-event-type="watchpost.${type}.v1"][data-kind="${kind}"]`;
const watchRow = row('face.candidate', 'watch');
const forgedRow = row('pass.rejected', 'signature');
const smokeRow = row('sensor.alarm', 'smoke');

/** The duty officer’s way through the product, and what must be true of it afterwards. */
export function journey(store: JourneyStore): void {
  describe(`the demo site on the ${store.name} store`, () => {
    const dataFolder = mkdtempSync(join(tmpdir(), `watchpost-journey-${store.name}-`));
    let environment: Readonly<Record<string, string>>;
    let site: WatchpostProcess;
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    let tap: WireTap;
    let strangers: StrangerTraces;
    const pageErrors: string[] = [];
    const foreignRequests: string[] = [];

    beforeAll(async () => {
      mkdirSync(artifacts, { recursive: true });
      environment = { WATCHPOST_DATA: dataFolder, ...(await store.environment()) };
      site = await startWatchpost(environment);
      tap = await tapWire(site.ready.mqtt);
      browser = await openBrowser();
      context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
      page = await context.newPage();
      page.on('pageerror', (error) => pageErrors.push(error.message));
      page.on('request', (request) => {
        const ours = [site.ready.console, new URL(site.ready.flows).origin];
        if (!ours.some((origin) => request.url().startsWith(origin))) foreignRequests.push(request.url());
      });
      strangers = await strangerTraces(await strangersAtTheGate());
    });

    afterAll(async () => {
      await browser?.close();
      await tap?.close();
      site?.kill();
      killProcessesOf(dataFolder);
      await store.cleanUp();
      rmSync(dataFolder, { recursive: true, force: true });
    });

    it('shows nothing without a log-in and refuses a wrong password', async () => {
      expect((await fetch(`${site.ready.api}/alerts`)).status).toBe(401);
      expect((await fetch(site.ready.flows, { redirect: 'manual' })).status).toBe(401);
      await page.goto(site.ready.console);
      await logIn(page, site.ready.user, 'wrong');
      await page.getByTestId('login-problem').waitFor();
      expect(await page.getByTestId('alert-list').count()).toBe(0);
    });

    it('lets the officer in and shows the three alerts as they arrive', async () => {
      await logIn(page, site.ready.user, site.ready.password);
      for (const selector of [watchRow, smokeRow, forgedRow])
        await page.locator(selector).first().waitFor({ timeout: 60_000 });
      expect(await page.locator(smokeRow).first().getAttribute('data-severity')).toBe('critical');
      await expectText(page, watchRow, /candidate/i);
      await expectText(page, forgedRow, /forged/i);
      expect(
        await page
          .locator('[data-testid="device-state"][data-device="gate-camera"]')
          .getAttribute('data-status'),
      ).toBe('ok');
      await waitFor('heat on the map', () => page.getByTestId('heat-cell').count());
    });

    it('explains a score: the parts on the screen sum to it', async () => {
      await page.locator(smokeRow).first().click();
      const factors = page.locator('[data-testid="alert-detail"] [data-testid="risk-factor"]');
      await factors.first().waitFor();
      const points = await factors.evaluateAll((nodes) =>
        nodes.map((node) => Number(node.getAttribute('data-points'))),
      );
      const score = Number(await page.getByTestId('score-card').getAttribute('data-score'));
      expect(points.length).toBeGreaterThan(1);
      expect(points.reduce((sum, value) => sum + value, 0)).toBeCloseTo(score, 6);
      await page.screenshot({ path: join(artifacts, `console-${store.name}.png`) });
    });

    it('acknowledges an alert, for everybody and for good', async () => {
      const id = await page.locator(smokeRow).first().getAttribute('data-alert-id');
      await page.getByTestId('alert-acknowledge').first().click();
      await page.locator(`[data-alert-id="${id}"][data-state="acknowledged"]`).first().waitFor();
      const api = await ApiClient.logIn(site.ready);
      const alert = (await api.alerts()).alerts.find((entry) => entry.id === id);
      expect(alert).toMatchObject({ state: 'acknowledged', acknowledgedBy: site.ready.user });
      await page.reload();
      await page
        .locator(`[data-testid="alert-row"][data-alert-id="${id}"][data-state="acknowledged"]`)
        .waitFor();
    });

    it('resolves an alert with what it turned out to be', async () => {
      const row = page.locator(forgedRow).first();
      const id = await row.getAttribute('data-alert-id');
      await row.click();
      await page.locator(`[data-testid="alert-detail"][data-alert-id="${id}"]`).waitFor();
      await page.getByTestId('alert-acknowledge').first().click();
      await page.getByTestId('alert-resolve').first().click();
      await page.getByTestId('disposition-test').click();
      await page.getByTestId('resolve-submit').click();
      await page
        .locator(`[data-testid="alert-detail"][data-alert-id="${id}"][data-state="resolved"]`)
        .waitFor();
    });

    it('speaks Chinese', async () => {
      await page.getByTestId('language-switch').click();
      await expectText(page, watchRow, /[\u4e00-\u9fff]{4,}/);
      expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
      await page.screenshot({ path: join(artifacts, `console-${store.name}-zh.png`) });
      await page.getByTestId('language-switch').click();
    });

    it('opens Node-RED behind the same log-in', async () => {
      const flows = await context.newPage();
      await flows.goto(site.ready.flows);
      await flows.locator('#red-ui-editor').waitFor();
      await flows.locator('.red-ui-palette-node').first().waitFor({ timeout: 30_000 });
      expect(await flows.locator('.red-ui-palette-node', { hasText: 'alert in' }).count()).toBeGreaterThan(0);
      await flows.screenshot({ path: join(artifacts, `flows-${store.name}.png`) });
      await flows.close();
    });

    it('keeps and counts bad messages, and goes on', async () => {
      const api = await ApiClient.logIn(site.ready);
      const before = (await api.rejects()).counts;
      for (const { payload, gateway = 'gw-test' } of badMessages) {
        await tap.client.publishAsync(`wp/1/demo/${gateway}/up`, payload(), { qos: 1 });
      }
      const wanted = Map.groupBy(badMessages, ({ code }) => code);
      await waitFor('every bad message counted under its code', async () => {
        const { counts } = await api.rejects();
        return [...wanted].every(
          ([code, messages]) => (counts[code] ?? 0) >= (before[code] ?? 0) + messages.length,
        );
      });
      // Two of them bear the name of the demo's gateway and an epoch of their own, as a second one would;
      // and that gateway may still be on its way to what the server tells it.
      await waitFor('the ingest to be well', async () => {
        const { error } = (await health(site.ready)).components.ingest ?? { error: 'absent' };
        return error === undefined || error === 'wire.duplicate_identity';
      });
    });

    it('cuts off who sends a message that is too large, and nobody else', async () => {
      const sender = await connectAsync(site.ready.mqtt, { reconnectPeriod: 0 });
      sender.on('error', () => undefined);
      const closed = new Promise<void>((resolve) => sender.once('close', () => resolve()));
      sender.publish('wp/1/demo/gw-test/up', Buffer.alloc(100_000, 0x20));
      await closed;
      expect(tap.client.connected).toBe(true);
    });

    it('names two gateways with one identity, and stops neither', async () => {
      const api = await ApiClient.logIn(site.ready);
      const good = (epoch: string, seq: number) =>
        JSON.stringify({
          specversion: '1.0',
          id: crypto.randomUUID(),
          source: '/sites/demo/devices/server-smoke',
          type: 'watchpost.sensor.cleared.v1',
          time: new Date().toISOString(),
          subject: 'server-room',
          gateway: 'gw-1',
          epoch,
          seq,
          data: { kind: 'smoke' },
        });
      for (let seq = 1; seq <= 3; seq++) {
        await tap.client.publishAsync('wp/1/demo/gw-1/up', good('cd'.repeat(16), seq), { qos: 1 });
        await sleep(1500);
      }
      await waitFor(
        'wire.duplicate_identity counted',
        async () => (await api.rejects()).counts['wire.duplicate_identity'],
        clipSeconds * 3000,
      );
      const newest = await page.locator(watchRow).first().getAttribute('data-event-time');
      await waitFor(
        'the real gateway still heard',
        async () => (await page.locator(watchRow).first().getAttribute('data-event-time')) !== newest,
        clipSeconds * 3000,
      );
    });

    it('heard of no stranger on the wire: only the two enrolled people are ever named', async () => {
      const named = new Set(
        tap.messages.flatMap(({ payload }) =>
          [...payload.toString('utf8').matchAll(/"entry":"([^"]+)"/g)].map(([, entry]) => entry),
        ),
      );
      const api = await ApiClient.logIn(site.ready);
      const { entries } = listPageSchema.parse(await (await api.get('/lists?site=demo')).json());
      expect(entries.map(({ list }) => list).sort()).toEqual(['access', 'watch']);
      expect([...named].sort()).toEqual(entries.map(({ id }) => id).sort());
      expect(strangers.templates.length).toBeGreaterThanOrEqual(6);
      const wire = Buffer.concat(tap.messages.map(({ payload }) => payload));
      expect(wire.length).toBeGreaterThan(10_000);
      expect(findTraces(wire, 'wire', strangers)).toEqual([]);
    });

    it('stops on Ctrl-C and leaves nothing running', async () => {
      await page.goto('about:blank');
      expect(processesOf(dataFolder).length).toBeGreaterThan(4);
      await site.interrupt();
      await waitFor('everything ended', () => processesOf(dataFolder).length === 0, 5000);
    });

    it('kept no trace of a stranger in the data folder or the database', async () => {
      const folder = findTracesBelow(dataFolder, strangers);
      expect(folder.bytes).toBeGreaterThan(10_000);
      expect(folder.traces).toEqual([]);
      const { content, rows } = await store.query(dataFolder, dumpTables);
      expect(rows).toBeGreaterThan(20);
      expect(findTraces(content, 'database', strangers)).toEqual([]);
    });

    it('answers every query of the Grafana dashboard', async () => {
      const range = {
        from: new Date(Date.now() - 3_600_000).toISOString(),
        to: new Date().toISOString(),
        site: 'demo',
      };
      const answered = await store.query(dataFolder, async (query) => {
        const rows: [string, number][] = [];
        for (const asked of grafanaQueries)
          rows.push([asked.name, (await query(expandMacros(asked, range))).length]);
        return rows;
      });
      expect(answered.filter(([, rows]) => rows === 0)).toEqual([]);
    });

    it('goes on with the same data at the next start', async () => {
      const { password } = site.ready;
      site = await startWatchpost(environment);
      expect(site.ready.password).toBe(password);
      const { alerts } = await (await ApiClient.logIn(site.ready)).alerts();
      // The smoke alarm comes back with the start, and takes back its acknowledgement if it had cleared
      // before.
      expect(
        alerts.filter(
          ({ state, acknowledgedBy }) => state === 'resolved' && acknowledgedBy === site.ready.user,
        ),
      ).not.toEqual([]);
    });

    it('had no error in the browser and asked no other host for anything', () => {
      expect(pageErrors).toEqual([]);
      expect(
        foreignRequests.filter(
          (url) => !url.startsWith('about:') && !url.startsWith('data:') && !url.startsWith('blob:'),
        ),
      ).toEqual([]);
    });
  });
}

async function logIn(page: Page, user: string, password: string): Promise<void> {
  await page.getByTestId('login-user').fill(user);
  await page.getByTestId('login-password').fill(password);
  await page.getByTestId('login-submit').click();
}

async function expectText(page: Page, selector: string, pattern: RegExp): Promise<void> {
  await waitFor(`${selector} says ${pattern}`, async () =>
    pattern.test(await page.locator(selector).first().innerText()),
  );
}
