import { type Site, siteSchema } from '@watchpost/contracts/site';
import { zoneIdSchema } from '@watchpost/contracts/wire';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { logInto, openConsole } from '../support/console-page.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { siteWithSensors, storedAlert } from '../support/test-alerts.ts';

const phone = { width: 390, height: 780 };

/** The site of these tests, with a floor above and a smoke detector there. */
function withUpperFloor(site: Site): Site {
  const [zone] = site.zones;
  const [device] = site.devices.filter(({ kind }) => kind === 'smoke');
  return siteSchema.parse({
    ...site,
    otherPlans: [{ ...site.plan, id: 'upper', name: { en: 'Upper floor', 'zh-CN': '二层' } }],
    zones: [...site.zones, { ...zone, id: 'attic', plan: 'upper' }],
    devices: [...site.devices, { ...device, id: 'attic-smoke', zone: 'attic', at: [5, 18] }],
  });
}
const { alert: above, groupKey } = storedAlert({
  device: 'attic-smoke',
  severity: 'low',
  score: 5,
  openedMinutesAgo: 60,
});
const onUpperFloor = { alert: { ...above, zone: zoneIdSchema.parse('attic') }, groupKey };

describe('the addresses of the console', () => {
  let server: TestServer;
  let browser: Browser;
  const alerts = Array.from({ length: 6 }, (_, index) =>
    storedAlert({
      device: `sensor-${index + 1}`,
      severity: 'high',
      score: 90 - index,
      openedMinutesAgo: index,
    }),
  );
  const [worst = '', second = '', third = ''] = alerts.map(({ alert }) => alert.id);

  beforeAll(async () => {
    const site = withUpperFloor(siteWithSensors(30));
    server = await startServer({ site, alerts: [...alerts, onUpperFloor] });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const url = (path: string) => new URL(path, server.ready.console).href;
  const pathOf = (page: Page) => page.evaluate(() => location.pathname + location.hash);
  const shows = (page: Page, id: string) =>
    page.locator(`[data-testid="alert-detail"][data-alert-id="${id}"]`).waitFor();
  const choose = (page: Page, id: string) => page.locator(`.alert-row[data-alert-id="${id}"]`).click();

  const focused = (page: Page) =>
    page.evaluate(() => {
      const element = document.activeElement;
      return element?.id || (element?.closest('[data-alert-id]')?.getAttribute('data-alert-id') ?? 'nothing');
    });

  it('an alert has one: it is loaded anew, sent to a colleague and reached with back', async () => {
    const { context, page } = await openConsole(browser, server.ready);
    // What the console opens by itself is no step back.
    await shows(page, worst);
    expect(await pathOf(page)).toBe(`/alerts/${worst}`);
    await choose(page, second);
    await shows(page, second);
    await choose(page, third);
    await shows(page, third);
    await page.reload();
    await shows(page, third);
    await page.goBack();
    await shows(page, second);
    await page.goForward();
    await shows(page, third);
    const link = page.url();
    const colleague = await (await browser.newContext({ locale: 'en-US' })).newPage();
    await colleague.goto(link);
    await logInto(colleague, server.ready);
    await shows(colleague, third);
    expect(colleague.url()).toBe(link);
    await colleague.context().close();
    await context.close();
  });

  it('a plan has one: what is open on another floor is said there, and leads to it', async () => {
    const viewport = { width: 320, height: 780 };
    const { context, page } = await openConsole(browser, server.ready, { viewport });
    await page.goto(url('/plan'));
    const elsewhere = page.getByTestId('plan-switch').getByRole('button');
    expect(await elsewhere.innerText()).toBe('Upper floor: 1 open');
    await elsewhere.click();
    expect(await pathOf(page)).toBe('/plan/upper');
    await expect.poll(() => page.locator('.riskmap-device').count()).toBe(1);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await page.getByTestId('plan-switch').locator('select').selectOption('ground');
    await page.goBack();
    expect(await pathOf(page)).toBe('/plan/upper');
    // The plan of an alert is that of its zone, whichever was looked at before.
    await page.goto(url(`/alerts/${above.id}/plan`));
    await page.locator('.riskmap-device[data-selected]').waitFor();
    await context.close();
  });

  it('on a phone back leaves the alert for the row that led to it, and the plan for the alert', async () => {
    const { context, page } = await openConsole(browser, server.ready, { viewport: phone });
    expect(await pathOf(page)).toBe('/');
    await choose(page, second);
    await shows(page, second);
    await page.getByTestId('show-on-plan').click();
    await page.locator('.riskmap-device[data-selected]').waitFor();
    expect(await pathOf(page)).toBe(`/alerts/${second}/plan`);
    await page.reload();
    await page.locator('.riskmap-device[data-selected]').waitFor();
    await page.goBack();
    await page.getByTestId('detail-back').waitFor();
    await page.goBack();
    await page.getByTestId('alert-row').first().waitFor();
    expect(await pathOf(page)).toBe('/');
    // The focus goes along, and comes back to the row.
    await choose(page, third);
    await expect.poll(() => focused(page)).toBe('detail-title');
    await page.goBack();
    await expect.poll(() => focused(page)).toBe(third);
    await page.getByTestId('tab-devices').click();
    await page.getByTestId('device-state').first().waitFor();
    expect(await pathOf(page)).toBe('/devices');
    await page.goBack();
    await page.getByTestId('alert-row').first().waitFor();
    await context.close();
  });

  it('as they were once lead on, and one that means nothing shows the queue', async () => {
    const { context, page } = await openConsole(browser, server.ready);
    await page.goto(url(`/#/alerts/${third}`));
    await shows(page, third);
    expect(await pathOf(page)).toBe(`/alerts/${third}`);
    await page.evaluate((id) => {
      location.hash = `#/alerts/${id}`;
    }, second);
    await shows(page, second);
    expect(await pathOf(page)).toBe(`/alerts/${second}`);
    await page.goto(url('/no/such/page'));
    await page.locator('[data-testid="alert-list"][data-loaded="true"]').waitFor();
    await context.close();
  });
});
