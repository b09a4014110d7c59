import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.ts';
import { type BadLine, badLine } from '../support/bad-line.ts';
import { openBrowser } from '../support/browser.ts';
import { logInto, openConsole, openUntouched, soundsOf } from '../support/console-page.ts';
import { startServer, type TestGateway, type TestServer } from '../support/start-server.ts';
import { siteWithSensors } from '../support/test-alerts.ts';
import { waitFor } from '../support/wait-for.ts';

const tonesOfCritical = 4;

describe('somebody at a console is told', () => {
  let server: TestServer;
  let browser: Browser;
  let gateway: TestGateway;
  let line: BadLine;
  let api: ApiClient;
  let next = 0;

  beforeAll(async () => {
    server = await startServer({ site: siteWithSensors(30) });
    browser = await openBrowser();
    gateway = await server.gateway();
    line = await badLine(server.ready.console);
    api = await ApiClient.logIn(server.ready);
  });
  afterAll(async () => {
    await browser?.close();
    line?.close();
    await gateway?.close();
    await server?.stop();
  });

  /** Smoke at a detector that has none yet; gives its device. */
  async function smoke(): Promise<string> {
    next += 1;
    await gateway.say('watchpost.sensor.alarm.v1', `sensor-${next}`, { kind: 'smoke' });
    return `sensor-${next}`;
  }

  /** Takes every open alert, so that the next case begins in silence. */
  async function takeAll(): Promise<void> {
    for (const { id, version } of (await api.alerts('?state=open&limit=500')).alerts) {
      await api.post(`/alerts/${id}/transitions`, { id: crypto.randomUUID(), version, to: 'acknowledged' });
    }
    await waitFor('nothing open', async () => (await api.alerts('?state=open')).total === 0);
  }

  const row = (page: Page, device: string) =>
    page.locator(`[data-testid="alert-row"][data-device="${device}"]`);
  const state = (page: Page) => page.getByTestId('connection').getAttribute('data-connection');

  it('of an alert again and again until it is taken, never of several at once', async () => {
    const { context, page } = await openConsole(browser, server.ready);
    const devices = await Promise.all(Array.from({ length: 6 }, smoke));
    for (const device of devices) await row(page, device).waitFor();
    await waitFor('a first sound', async () => (await soundsOf(page)).length > 0, 5_000);
    await waitFor('a second sound', async () => (await soundsOf(page)).length > 1, 20_000);
    await takeAll();
    await sleep(1_500);
    const sounds = await soundsOf(page);
    expect(sounds.map(({ tones }) => tones)).toEqual(sounds.map(() => tonesOfCritical));
    const gaps = sounds.slice(1).map(({ atMs }, index) => atMs - (sounds[index]?.atMs ?? 0));
    for (const gap of gaps) expect(gap).toBeGreaterThan(2_500);
    await sleep(11_000);
    expect(await soundsOf(page)).toHaveLength(sounds.length);
    await context.close();
  });

  it('22: of an alert that came while the line was cut for 1.5 s', async () => {
    const { context, page } = await openConsole(browser, server.ready, { url: line.url });
    await waitFor('live', async () => (await state(page)) === 'live');
    const before = (await soundsOf(page)).length;
    line.cut();
    await waitFor('the cut seen', async () => (await state(page)) === 'lost');
    const device = await smoke();
    await sleep(1_500);
    line.restore();
    await row(page, device).waitFor({ timeout: 20_000 });
    await waitFor(
      'the alarm',
      async () => (await soundsOf(page)).slice(before).some(({ tones }) => tones === tonesOfCritical),
      20_000,
    );
    await takeAll();
    await context.close();
  });

  it('of a dead line within ten seconds, by text, title and sound', async () => {
    const { context, page } = await openConsole(browser, server.ready, { url: line.url });
    await waitFor('live', async () => (await state(page)) === 'live');
    line.blackhole();
    const banner = page.getByTestId('connection-banner');
    await banner.waitFor({ timeout: 15_000 });
    const tookMs = Date.now() - line.lastByteAt();
    expect(tookMs).toBeLessThan(13_000);
    expect(await banner.innerText()).toMatch(/Not live since \d\d:\d\d:\d\d/);
    await waitFor('the title', async () => (await page.title()).includes('not live'));
    await waitFor('a sound', async () => (await soundsOf(page)).length > 0, 5_000);
    line.restore();
    await waitFor('live again', async () => (await state(page)) === 'live', 30_000);
    expect(await banner.count()).toBe(0);
    await context.close();
  });

  it('that the browser keeps the page silent; the first press sounds what waits, once', async () => {
    const touched = await openConsole(browser, server.ready);
    await smoke();
    await smoke();
    const { context, page, sights } = await openUntouched(browser, touched.context, server.ready.console);
    await touched.context.close();
    const now = () => sights.at(-1);
    await waitFor('the banner', async () => now()?.allow, 30_000);
    await sleep(3_000);
    expect(now()).toMatchObject({ sound: 'blocked', banner: true, sounds: 0 });
    expect(now()?.label).toMatch(/blocked/);
    const { x = 0, y = 0 } = now()?.allow ?? {};
    await page.mouse.click(x, y);
    await waitFor('the alarm', async () => (await soundsOf(page)).length > 0, 5_000);
    expect((await soundsOf(page)).map(({ tones }) => tones)).toEqual([tonesOfCritical]);
    await waitFor('the switch tells the truth', async () => now()?.sound === 'ready' && !now()?.banner);
    await takeAll();
    await context.close();
  });

  it('of an alert that came before anybody logged in', async () => {
    const device = await smoke();
    const { context, page } = await openConsole(browser, server.ready);
    await row(page, device).waitFor();
    await waitFor('the alarm', async () => (await soundsOf(page)).length > 0, 5_000);
    await takeAll();
    await context.close();
  });

  it('in every one of seven tabs over one stream, and the first can still acknowledge', async () => {
    const { context, page: first } = await openConsole(browser, server.ready);
    const tabs: Page[] = [first];
    for (let tab = 1; tab < 7; tab += 1) {
      const page = await context.newPage();
      await page.goto(server.ready.console);
      tabs.push(page);
    }
    const device = await smoke();
    for (const page of tabs) await row(page, device).waitFor({ timeout: 20_000 });
    for (const page of tabs) await waitFor('live', async () => (await state(page)) === 'live');
    await first.bringToFront();
    await row(first, device).locator('button').click();
    await first.getByTestId('alert-acknowledge').click();
    await tabs[6]
      ?.locator(`[data-testid="alert-row"][data-device="${device}"][data-state="acknowledged"]`)
      .waitFor();
    // The tab that holds the stream goes; the others hear on.
    await first.close();
    const later = await smoke();
    const last = tabs[6] ?? first;
    await row(last, later).waitFor({ timeout: 20_000 });
    await takeAll();
    await context.close();
  });

  it('the site’s time, whatever the clock of the computer says, and that it is wrong', async () => {
    const device = await smoke();
    const { context, page } = await openConsoleAt(browser, server, Date.now() + 50 * 60_000);
    await row(page, device).waitFor();
    const shown = await row(page, device).locator('time .ago').innerText();
    expect(shown).toMatch(/now|sec/);
    await page.getByTestId('clock-banner').waitFor();
    expect(await page.getByTestId('clock-banner').innerText()).toMatch(/50 minutes fast/);
    const clock = await page.locator('.clock').innerText();
    const inShanghai = new Intl.DateTimeFormat('en', {
      timeZone: 'Asia/Shanghai',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
    const off = Math.abs(minutes(clock) - minutes(inShanghai.format(Date.now())));
    expect(Math.min(off, 1440 - off)).toBeLessThanOrEqual(1);
    await takeAll();
    await context.close();
  });

  it('that the session ended: the screen says so, its title too, and it sounds', async () => {
    const { context, page } = await openConsole(browser, server.ready);
    await waitFor('live', async () => (await state(page)) === 'live');
    await endSession(context);
    // What the officer asks for next is refused; otherwise the stream ends by itself.
    await page.reload();
    await page.getByTestId('session-ended').waitFor();
    expect(await page.title()).toContain('logged out');
    await page.getByTestId('login-user').click();
    await waitFor('a sound', async () => (await soundsOf(page)).length > 0, 5_000);
    await logInto(page, server.ready);
    await waitFor('the title', async () => !(await page.title()).includes('logged out'));
    await context.close();
  });
});

/** Ends the session at the server, as its time-out would, without a word to the page. */
async function endSession(context: BrowserContext): Promise<void> {
  const [page] = context.pages();
  await page?.evaluate(() => fetch('/api/v1/session', { method: 'DELETE' }));
}

/** A console on a computer whose clock shows `nowMs`. */
async function openConsoleAt(browser: Browser, server: TestServer, nowMs: number) {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.clock.setSystemTime(nowMs);
  await page.goto(server.ready.console);
  await logInto(page, server.ready);
  return { context, page };
}
