import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { managedAddress, patterns, sectionNames } from '../../dashboards/console/src/routes/place.ts';
import { fillManagedSite } from '../support/managed-contents.ts';
import { administrator, ManagedSite, password } from '../support/managed-site.ts';
import { managedViews } from '../support/managed-views.ts';
import { Authenticator } from '../support/second-factor.ts';
import { seriousFindings } from '../support/serious-findings.ts';

const artifacts = fileURLToPath(new URL('./artifacts/', import.meta.url));

const looks = (['zh-CN', 'en-US'] as const).flatMap((locale) =>
  (['dark', 'light'] as const).map((colorScheme) => ({ locale, colorScheme })),
);
/** A phone, and 1280 × 1024 at 400 % (WCAG 2.2, 1.4.10). */
const narrow = [
  { width: 390, height: 780 },
  { width: 320, height: 256 },
];

describe('the pages of who manages', () => {
  let site: ManagedSite;
  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true });
    site = await ManagedSite.open();
    await fillManagedSite(site);
  });
  afterAll(() => site?.close());

  const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  const look = async (page: Page, name: string) => {
    await page.screenshot({ path: join(artifacts, `manage-${name}.png`) });
    expect(await overflow(page), name).toBeLessThanOrEqual(0);
  };

  it.each(looks)('keep nobody out, with their dialogs, %o', async ({ locale, colorScheme }) => {
    const { context, page } = await site.windowOf(administrator, { locale, colorScheme });
    const seen = new Set<string>();
    for (const [name, open] of managedViews) {
      await open(page, site);
      seen.add(new URL(page.url()).pathname);
      await look(page, `${name}-${locale}-${colorScheme}`);
      expect(await seriousFindings(page), name).toEqual([]);
    }
    // Whoever adds a page to the router says in `managedViews` how one gets there.
    const pages = [managedAddress('account'), ...sectionNames.map(managedAddress), patterns.wall];
    expect(pages.filter((address) => !seen.has(address))).toEqual([]);
    await context.close();
  });

  it.each(narrow)('fit into $width × $height pixels in both languages', async (viewport) => {
    for (const locale of ['zh-CN', 'en-US'] as const) {
      const { context, page } = await site.windowOf(administrator, { locale, viewport });
      for (const [name, open] of managedViews) {
        await open(page, site);
        await look(page, `${name}-${locale}-${viewport.width}-${viewport.height}`);
        expect(await cutOff(page), `${name} ${locale} ${viewport.width}`).toEqual([]);
      }
      expect(await seriousFindings(page)).toEqual([]);
      await context.close();
    }
  });

  it.each(looks)(
    'of a one-time link, of a second factor that is demanded, and of the second step keep nobody out, %o',
    async (options) => {
      const small = narrow[looks.indexOf(options) % narrow.length];
      for (const viewport of [{ width: 1280, height: 900 }, ...(small ? [small] : [])])
        await firstWay(`${options.locale}-${options.colorScheme}`, { ...options, viewport });
    },
  );

  /** From the link to the second step, looked at everywhere. */
  async function firstWay(tag: string, options: BrowserContextOptions): Promise<void> {
    const { viewport } = options;
    const name = `sup-${tag}-${viewport?.width}-${viewport?.height}`;
    const looked = async (page: Page, what: string) => {
      await look(page, `${what}-${tag}-${viewport?.width}-${viewport?.height}`);
      expect(await seriousFindings(page), what).toEqual([]);
    };
    const admin = await site.windowOf(administrator);
    const invited = await admin.page.request.post(site.at('/api/v1/accounts'), {
      data: { name, scopes: [{ site: 'park', role: 'supervisor', zones: null }] },
    });
    const { link } = (await invited.json()) as { link: { token: string } };
    await admin.context.close();
    const { context, page } = await site.window(options);
    await page.goto(site.at(`/welcome#${link.token}`));
    await page.getByTestId('welcome-password').fill(password);
    await page.getByTestId('welcome-again').fill(password);
    await looked(page, 'welcome');
    await page.getByTestId('welcome-submit').click();
    await page.getByTestId('totp-begin').waitFor();
    await looked(page, 'factor-needed');
    const { app } = await Authenticator.setUp(page, password);
    await looked(page, 'recovery-codes');
    await page.getByTestId('recovery-codes-done').click();
    await page.getByTestId('log-out').click();
    await page.getByTestId('login-user').fill(name);
    await page.getByTestId('login-password').fill(password);
    await page.getByTestId('login-submit').click();
    await page.getByTestId('second-code').fill(await app.code());
    await looked(page, 'second-step');
    await context.close();
  }

  it('planted: a button without a name, a page too wide and a text cut off are found', async () => {
    const { context, page } = await site.windowOf(administrator, { viewport: { width: 320, height: 700 } });
    await page.goto(site.at('/manage/privacy'));
    const main = page.getByTestId('managed-page');
    await page.getByTestId('privacy-record').waitFor();
    expect([await overflow(page), await cutOff(page)]).toEqual([0, []]);
    await main.evaluate((element) => {
      const long = 'x'.repeat(80);
      element.insertAdjacentHTML('beforeend', `<button></button><p style="overflow:hidden">${long}</p>`);
    });
    expect(await seriousFindings(page)).toEqual([expect.stringMatching(/^button-name: /)]);
    expect(await cutOff(page)).toEqual([`P: ${'x'.repeat(60)}`]);
    await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<hr style="width:400px">'));
    expect(await overflow(page)).toBeGreaterThan(0);
    await context.close();
  });
});

/** Texts on buttons and in cells that are wider than their place. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('main :is(button, a, td, th, dd, h2, h3, p, label)')]
      .filter(
        (element) =>
          element.clientWidth > 2 &&
          element.scrollWidth > element.clientWidth + 1 &&
          !element.closest('.sr-only'),
      )
      .map(({ tagName, textContent }) => `${tagName}: ${textContent?.slice(0, 60)}`),
  );
}
