import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { logInto, openConsole } from '../support/console-page.ts';
import { demoInstructions } from '../support/demo-site.ts';
import { seriousFindings } from '../support/serious-findings.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { siteWithSensors, storedAlert } from '../support/test-alerts.ts';

const artifacts = fileURLToPath(new URL('./artifacts/', import.meta.url));

const looks = (['zh-CN', 'en-US'] as const).flatMap((locale) =>
  (['dark', 'light'] as const).map((colorScheme) => ({ locale, colorScheme })),
);

describe('the pages of the console', () => {
  let server: TestServer;
  let browser: Browser;
  const alerts = Array.from({ length: 30 }, (_, index) =>
    storedAlert({
      device: index === 0 ? 'server-smoke' : `sensor-${index}`,
      severity: (['critical', 'high', 'medium', 'low'] as const)[index % 4] ?? 'low',
      score: [91, 66, 40, 12][index % 4] ?? 0,
      state: index < 20 ? 'open' : index < 25 ? 'acknowledged' : 'resolved',
      openedMinutesAgo: index * 7,
    }),
  );
  const taken = alerts.find(({ alert }) => alert.state === 'acknowledged');

  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true });
    server = await startServer({ site: siteWithSensors(30), alerts, instructions: demoInstructions });
    browser = await openBrowser();
    const gateway = await server.gateway();
    for (const device of ['sensor-29', 'server-smoke', 'gate-contact']) {
      await gateway.say('watchpost.sensor.alarm.v1', device, {
        kind: device === 'gate-contact' ? 'door' : 'smoke',
      });
    }
    await gateway.close();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it.each(looks)('keep nobody out, %o', async ({ locale, colorScheme }) => {
    const context = await browser.newContext({ locale, colorScheme, viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(server.ready.console);
    await page.getByTestId('login-user').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await logInto(page, server.ready);
    await page.getByTestId('score-card').waitFor();
    const { text, contacts = [] } = demoInstructions['sensor.smoke'] ?? {};
    const card = page.getByTestId('instruction-card');
    expect(await card.locator('p').innerText()).toBe(text?.[locale === 'zh-CN' ? locale : 'en']?.trim());
    expect(await card.locator('a[href^="tel:"]').count()).toBe(contacts.length);
    expect(await seriousFindings(page)).toEqual([]);
    await page.screenshot({ path: join(artifacts, `console-${locale}-${colorScheme}-1440.png`) });
    // One that somebody took, from the address: its row may be far down.
    await page.goto(new URL(`/alerts/${taken?.alert.id}`, server.ready.console).href);
    await page.getByTestId('alert-resolve').click();
    await page.getByTestId('resolve-dialog').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await context.close();
  });

  it.each([320, 390, 820, 1440])(
    'fit into %i pixels in both languages, and keep nobody out there',
    async (width) => {
      for (const locale of ['zh-CN', 'en-US']) {
        const { context, page } = await openConsole(browser, server.ready, {
          locale,
          viewport: { width, height: width < 760 ? 780 : 1000 },
        });
        const view = (name: string) => join(artifacts, `console-${locale}-${width}-${name}.png`);
        await page.screenshot({ path: view('list') });
        expect(await seriousFindings(page)).toEqual([]);
        const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(await overflow()).toBeLessThanOrEqual(0);
        const name = await page.locator('.brand h1').evaluate((element) => element.clientWidth);
        expect(name, `${locale} ${width}: the site's name`).toBeGreaterThan(50);
        if (width < 760) await phoneViews(page, context, view, overflow);
        await context.close();
      }
    },
  );

  // 1280 × 1024 at 400 % (WCAG 2.2, 1.4.10).
  it('leave room for an alert and its buttons at 400 %', async () => {
    for (const locale of ['zh-CN', 'en-US']) {
      const viewport = { width: 320, height: 256 };
      const { context, page } = await openConsole(browser, server.ready, { locale, viewport });
      const row = page.locator('[data-testid="alert-row"]').first();
      await page.screenshot({ path: join(artifacts, `console-${locale}-400-list.png`) });
      const [list, what] = await Promise.all([
        page.locator('.pane-list').evaluate((element) => element.clientHeight),
        row.locator('.row-what').boundingBox(),
      ]);
      expect(list, 'the list is half of the screen').toBeGreaterThanOrEqual(viewport.height / 2);
      expect((what?.y ?? 999) + (what?.height ?? 0), 'what happened is on the screen').toBeLessThan(
        viewport.height,
      );
      await row.click();
      await page.getByTestId('alert-acknowledge').scrollIntoViewIfNeeded();
      await page.screenshot({ path: join(artifacts, `console-${locale}-400-detail.png`) });
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      await context.close();
    }
  });

  it('are used with the keyboard alone: from log-in over the queue to an answer', async () => {
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const focused = (attribute: string) =>
      page.evaluate(
        (name) => document.activeElement?.closest(`[${name}]`)?.getAttribute(name) ?? null,
        attribute,
      );
    const tabTo = async (attribute: string, value: string) => {
      for (let step = 0; step < 40; step += 1) {
        if ((await focused(attribute)) === value) return;
        await press('Tab');
      }
      throw new Error(`Tab does not reach ${attribute}=${value}`);
    };
    await page.goto(server.ready.console);
    await page.getByTestId('login-user').waitFor();
    await tabTo('data-testid', 'login-user');
    await page.keyboard.type(server.ready.user);
    await press('Tab');
    await page.keyboard.type(server.ready.password);
    await press('Enter');
    await page.locator('[data-testid="alert-list"][data-loaded="true"]').waitFor();
    await page.getByTestId('score-card').waitFor();
    // The skip link is the first thing that Tab reaches; it leads to the queue.
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await press('Tab', 'Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('alerts');
    await press('Tab');
    const first = await focused('data-alert-id');
    expect(first).not.toBeNull();
    await press('ArrowDown', 'ArrowDown');
    const third = await focused('data-alert-id');
    expect(third).not.toBe(first);
    await press('Enter');
    await page.locator(`[data-testid="alert-detail"][data-alert-id="${third}"]`).waitFor();
    await tabTo('data-testid', 'alert-acknowledge');
    await press('Enter');
    await page.getByTestId('alert-resolve').waitFor();
    await tabTo('data-testid', 'alert-resolve');
    await press('Enter');
    await page.getByTestId('resolve-dialog').waitFor();
    await press('Escape');
    await page.getByTestId('resolve-dialog').waitFor({ state: 'detached' });
    await expect.poll(() => focused('data-testid')).toBe('alert-resolve');
    await context.close();
  });

  async function phoneViews(
    page: Page,
    _context: BrowserContext,
    view: (name: string) => string,
    overflow: () => Promise<number>,
  ): Promise<void> {
    const row = page.locator('[data-testid="alert-row"]').first();
    const id = await row.getAttribute('data-alert-id');
    await row.click();
    await page.locator(`[data-testid="alert-detail"][data-alert-id="${id}"]`).waitFor();
    await page.getByTestId('instruction-card').waitFor();
    await page.screenshot({ path: view('detail') });
    expect(await seriousFindings(page)).toEqual([]);
    expect(await overflow()).toBeLessThanOrEqual(0);
    // The plan keeps the alert that was chosen, and leads back to it.
    await page.getByTestId('show-on-plan').click();
    await page.locator('.riskmap-device[data-selected]').waitFor();
    await page.screenshot({ path: view('plan') });
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByTestId('plan-back').click();
    expect(await page.getByTestId('alert-detail').getAttribute('data-alert-id')).toBe(id);
    await page.getByTestId('tab-devices').click();
    await page.screenshot({ path: view('devices') });
    expect(await seriousFindings(page)).toEqual([]);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.getByTestId('tab-alerts').click();
    await page.getByTestId('tab-alerts').click();
    await row.waitFor();
  }
});
