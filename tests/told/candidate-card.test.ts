import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AlertPage, alertPageSchema } from '@watchpost/contracts/api';
import { entryIdSchema, gatewayStateSchema, sourceOf, zoneIdSchema } from '@watchpost/contracts/wire';
import { connectAsync } from 'mqtt';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertEntry } from '../../alerting/src/store/list-store.ts';
import { openStore } from '../../alerting/src/store/open-store.ts';
import { embeddedStore } from '../../alerting/src/testing/empty-cluster.ts';
import { openBrowser } from '../support/browser.ts';
import { openConsole } from '../support/console-page.ts';
import { demoSite } from '../support/demo-site.ts';
import { type SiteProcesses, startSiteProcesses } from '../support/site-processes.ts';
import type { Ready } from '../support/watchpost-process.ts';

const artifacts = fileURLToPath(new URL('./artifacts/', import.meta.url));
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const camera = 'gate-camera';
const zone = zoneIdSchema.parse(demoSite.devices.find(({ id }) => id === camera)?.zone);
/** One for each language: it is answered. */
const entries = { 'en-US': 'browser-entry-1', 'zh-CN': 'browser-entry-2' } as const;

/** What axe-core finds that keeps people out. */
async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    return (await axe.run()).violations;
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

describe('a face candidate in the browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'watchpost-candidate-'));
  let server: SiteProcesses;
  let ready: Ready;
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true });
    const store = await embeddedStore(join(folder, 'store'));
    const opened = await openStore(store);
    for (const id of Object.values(entries))
      await insertEntry(opened.db, {
        ...{ site: demoSite.id, id: entryIdSchema.parse(id), version: 3, list: 'watch', state: 'active' },
        ...{ label: 'Wang (made up)', legalBasis: 'House ban 7', authority: 'Management', purpose: 'Theft' },
        ...{ reason: 'Took tools from the yard twice.', area: [zone], photos: 1 },
        ...{ instruction: 'Do not stop him.\nCall the shift leader.', author: { account: 'a', name: 'a' } },
        ...{ expires: '2099-01-01T00:00:00.000Z', review: '2098-01-01T00:00:00.000Z' },
        ...{ updatedAt: '2026-01-01T00:00:00.000Z', activatedAt: '2026-01-01T00:00:00.000Z' },
        ...{ endedAt: null, erasedAt: null },
      });
    await opened.close();
    server = await startSiteProcesses({ site: demoSite, store, console: true });
    const { console, api, user, password, mqttPort } = server;
    ready = { ready: true, console, api, mqtt: '', flows: '', user, password };
    browser = await openBrowser();
    await sayCandidates(mqttPort);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a gateway says of two faces, and of what its camera expects. */
  async function sayCandidates(port: number): Promise<void> {
    const [gateway = ''] = demoSite.gateways;
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {
      ...{ username: gateway, password: gateway, clientId: gateway },
    });
    const time = new Date().toISOString();
    const topic = `wp/1/${demoSite.id}/${gateway}`;
    const health = { device: camera, status: 'ok', readings: 1, unreadable: 0 };
    const faces = { gallery: 120, peoplePerDay: 900, expectedFalsePerDay: 2.4 };
    const state = gatewayStateSchema.parse({
      ...{ status: 'online', time, version: '0.1.0', outboxDepth: 0, clockOffsetMs: 0, epoch: null },
      devices: [{ ...health, faces }],
    });
    await client.publishAsync(`${topic}/state`, JSON.stringify(state), { qos: 1, retain: true });
    const events = Object.values(entries).map((entry, index) => ({
      ...{ specversion: '1.0', id: crypto.randomUUID(), source: sourceOf(demoSite.id, camera), time },
      ...{ type: 'watchpost.face.candidate.v1', subject: zone, gateway },
      ...{ epoch: 'c'.repeat(32), seq: index + 1 },
      data: {
        ...{ list: 'watch', entry, cosine: 0.5, threshold: 0.41, falseMatchRate: 1e-4, confidence: 0.97 },
        ...{ votes: { for: 5, frames: 6 }, quality: 0.8, track: `t${index}` },
        models: [{ name: 'fr', digest: '0123456789abcdef' }],
      },
    }));
    await client.publishAsync(`${topic}/up`, JSON.stringify(events), { qos: 1 });
    await client.endAsync();
  }

  /** The alert of an entry, by the API as the page has it. */
  const alertOf = async (page: Page, entry: string): Promise<string> => {
    let found: string | undefined;
    await expect
      .poll(
        async () => {
          const answer: AlertPage = alertPageSchema.parse(
            await page.evaluate(async () => (await fetch('/api/v1/alerts')).json()),
          );
          found = answer.alerts.find(({ details }) => details.entry === entry)?.id;
          return found;
        },
        { timeout: 60_000 },
      )
      .toBeDefined();
    return found ?? '';
  };

  it.each([
    ['en-US', 'It may be', 'Clearly above the limit.', 'About 2.4 a day', 'Too few answers to say'],
    ['zh-CN', '可能是', '明显高于阈值', '每天约 2.4 个', '答复太少，无法判断'],
  ] as const)('is read, compared, answered by keyboard and counted, in %s', async (locale, ...said) => {
    const { context, page } = await openConsole(browser, ready, { locale });
    // Photos come from the enrolment, a process of its own that this test does without: any picture.
    const photo = await page.screenshot({ type: 'jpeg', clip: { x: 0, y: 0, width: 320, height: 320 } });
    await page.route('**/candidate/photos/0/view', (route) =>
      route.fulfill({ body: photo, contentType: 'image/jpeg' }),
    );
    const id = await alertOf(page, entries[locale]);
    const view = (name: string) => join(artifacts, `candidate-${locale}-${name}.png`);
    await page.goto(new URL(`/alerts/${id}`, ready.console).href);
    const card = page.getByTestId('candidate-card');
    await page.getByTestId('candidate-refused').waitFor();
    const [may, likeness, expected, counted] = said;
    for (const words of [may, likeness, expected]) expect(await card.innerText()).toContain(words);
    expect(await card.innerText()).not.toMatch(/\d\s?%/);
    await page.getByTestId('candidate-photo-show').click();
    await page.getByTestId('candidate-photo-shown').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.screenshot({ path: view('1440') });
    await page.getByTestId('candidate-refused').scrollIntoViewIfNeeded();
    await page.screenshot({ path: view('1440-answers') });
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 780 });
      await card.scrollIntoViewIfNeeded();
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await page.screenshot({ path: view(`${width}`) });
      await page.getByTestId('candidate-refused').scrollIntoViewIfNeeded();
      await page.screenshot({ path: view(`${width}-answers`) });
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByTestId('candidate-note').focus();
    await page.keyboard.type('another man');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe(
      'candidate-confirmed',
    );
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator(`[data-testid="alert-detail"][data-state="resolved"]`).waitFor();
    await page.getByTestId('candidate-hidden').waitFor();
    expect(await card.innerText()).not.toContain('Wang');
    expect(await page.getByTestId('candidate-photo-shown').count()).toBe(0);
    await page.goto(new URL('/manage/thresholds', ready.console).href);
    const row = page.getByTestId('thresholds-row');
    await row.first().waitFor();
    expect(await row.first().innerText()).toContain(counted);
    expect(await seriousFindings(page)).toEqual([]);
    await page.screenshot({ path: view('thresholds') });
    await page.setViewportSize({ width: 320, height: 780 });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.screenshot({ path: view('thresholds-320'), fullPage: true });
    await context.close();
  });
});
