import type { Site } from '@watchpost/contracts/site';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { openConsole } from '../support/console-page.ts';
import { secondSite } from '../support/second-site.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { siteWithSensors, storedAlert } from '../support/test-alerts.ts';

/** A page that is loaded anew on a busy machine. */
const soon = { timeout: 60_000 };

describe('a console of two sites', () => {
  let server: TestServer;
  let browser: Browser;
  const first = siteWithSensors(4);
  const other: Site = { ...first, id: secondSite.id, name: secondSite.name };
  const alerts = [1, 2, 3].map((index) => {
    const stored = storedAlert({
      device: `sensor-${index}`,
      severity: 'high',
      score: 90 - index,
      openedMinutesAgo: index,
    });
    const site = index === 2 ? other.id : first.id;
    return { ...stored, alert: { ...stored.alert, site } };
  });

  beforeAll(async () => {
    server = await startServer({ site: first, otherSites: [other], alerts });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const path = (page: Page) => page.evaluate(() => location.pathname);
  /** The alarms: after a minute the gateways, which nobody runs, are alerts too. */
  const rows = (page: Page) =>
    page
      .locator('.alert-row[data-event-type="watchpost.sensor.alarm.v1"]')
      .evaluateAll((all) => all.map((row) => row.getAttribute('data-site') ?? ''));

  it('shows one queue over both, each row with its site, and one site when that is chosen', async () => {
    const { context, page } = await openConsole(browser, server.ready);
    await expect.poll(() => rows(page), soon).toEqual([first.id, other.id, first.id]);
    const named = page.locator('.alert-row [data-testid="row-site"]');
    expect((await named.allTextContents()).slice(0, 3)).toEqual(
      expect.arrayContaining([first.name.en, other.name.en]),
    );
    // By keyboard alone.
    const choice = page.getByTestId('site-switch');
    expect(await choice.locator('option').allTextContents()).toEqual(
      ['All sites', first.name.en, other.name.en].map((name) =>
        expect.stringMatching(new RegExp(`^${name} \\(\\d\\)$`)),
      ),
    );
    await choice.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await expect.poll(() => rows(page), soon).toEqual([other.id]);
    expect(await path(page)).toMatch(new RegExp(`^/sites/${other.id}`));
    await page.locator(`[aria-label^="Plan of ${other.name.en}"]`).waitFor();
    await page.reload();
    await expect.poll(() => rows(page), soon).toEqual([other.id]);
    await page.goto(new URL('/', server.ready.console).href);
    await expect.poll(() => rows(page), soon).toHaveLength(3);
    await context.close();
  });

  it('on a phone and in Chinese too', async () => {
    const { context, page } = await openConsole(browser, server.ready, {
      viewport: { width: 390, height: 780 },
      locale: 'zh-CN',
    });
    const choice = page.getByTestId('site-switch');
    expect(await choice.locator('option').first().textContent()).toContain('所有站点');
    const box = await choice.boundingBox();
    expect(box && box.x >= 0 && box.x + box.width <= 390).toBe(true);
    await choice.selectOption(other.id);
    await expect.poll(() => rows(page), soon).toEqual([other.id]);
    await page.getByTestId('tab-plan').click();
    expect(await path(page)).toBe(`/sites/${other.id}/plan`);
    await context.close();
  });
});
