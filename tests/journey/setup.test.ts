import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RtspServer } from '../../edge-agent/src/testing/rtsp/rtsp-server.ts';
import { openBrowser } from '../support/browser.ts';
import { filesBelow } from '../support/files-below.ts';
import { OwnServer } from '../support/own-server.ts';
import { seriousFindings } from '../support/serious-findings.ts';
import { cameraLogIn, cameraToSetUp, Hands, setUpSite } from '../support/set-up-site.ts';

const artifacts = fileURLToPath(new URL('./artifacts/', import.meta.url));
const mostActions = 25;

/** On a phone in Chinese with a slip of the finger, and on a desk in English. */
const ways = [
  {
    tag: 'zh-phone',
    window: { locale: 'zh-CN', viewport: { width: 390, height: 780 }, colorScheme: 'dark', hasTouch: true },
    words: { site: '东门仓库', camera: '东门摄像机' },
    slip: true,
  },
  {
    tag: 'en-desk',
    window: { locale: 'en-US', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
    words: { site: 'East warehouse', camera: 'East door' },
    slip: false,
  },
] as const satisfies readonly { window: BrowserContextOptions; [key: string]: unknown }[];

describe('a new site', () => {
  let browser: Browser;
  let camera: RtspServer;
  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true });
    [browser, camera] = await Promise.all([openBrowser(), cameraToSetUp()]);
  });
  afterAll(async () => {
    await browser?.close();
    await camera?.stop();
  });

  it.each(ways)(
    'is set up in the browser alone, up to the first event, $tag',
    async (way) => {
      const server = new OwnServer('house');
      try {
        server.init();
        const { welcome, console: address } = await server.up();
        const context = await browser.newContext({
          ignoreHTTPSErrors: true,
          reducedMotion: 'reduce',
          ...way.window,
        });
        const page = await context.newPage();
        const errors: string[] = [];
        page.on('pageerror', ({ message }) => errors.push(message));
        camera.requests.length = 0;
        const other = way.window.colorScheme === 'dark' ? 'light' : 'dark';
        /** Each place is looked at before anything is said of it: one fault hides no other. */
        const found: string[] = [];
        const atStep = async (step: string) => {
          for (const colorScheme of [other, way.window.colorScheme] as const) {
            await page.emulateMedia({ colorScheme });
            found.push(
              ...(await seriousFindings(page)).map((finding) => `${step} ${colorScheme}: ${finding}`),
            );
            await page.screenshot({
              path: join(artifacts, `setup-${way.tag}-${step}-${colorScheme}.png`),
              fullPage: true,
            });
          }
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (overflow > 0) found.push(`${step}: ${overflow} pixels too wide`);
        };
        const hands = new Hands(page);
        const actions = await setUpSite(hands, welcome, camera.url('door'), {
          ...way.words,
          ...{ atStep, slip: way.slip },
        });
        expect(actions).toBeLessThanOrEqual(mostActions + (way.slip ? 3 : 0));
        // A wrong password was tried once, and not again by itself.
        expect(camera.requests.filter(({ logIn }) => logIn === 'wrong').length).toBeLessThanOrEqual(1);
        await atStep('first-event');

        // It can be left and gone on with.
        await page.goto(new URL('/', address).href);
        await page.goto(new URL('/manage/setup', address).href);
        await page.locator('[data-testid="setup-step"][data-step="walk"]').waitFor();
        await hands.press('setup-next');
        await page.locator('[data-testid="setup-step"][data-step="faces"]').waitFor();
        await atStep('faces');
        await hands.press('setup-next');
        await page.getByTestId('alert-row').getByText(way.words.camera).first().waitFor();

        const file = readFileSync(join(server.folder, 'sites/house/site.yaml'), 'utf8');
        for (const part of [way.words.site, way.words.camera, 'masks:', 'lines:', 'secret: house'])
          expect(file).toContain(part);
        // What init wrote beside it stays, and the password is in one file for the server alone.
        expect(file).toMatch(/^# /);
        const holding = filesBelow(server.folder, new Set(['store']))
          .map((path) => join(server.folder, path))
          .filter((path) => readFileSync(path, 'latin1').includes(cameraLogIn.password));
        expect(holding.map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual(['600']);

        await page.goto(new URL('/manage/site', address).href);
        await page.getByTestId('device-row').waitFor();
        await atStep('site-devices');
        await hands.press('device-more');
        await page.getByTestId('picture-part').waitFor();
        await atStep('site-picture');
        await hands.press('site-part-zones');
        await hands.press('zone-open');
        await atStep('site-zone');
        await hands.press('site-part-policy');
        for (const section of ['alerts', 'keptDays']) await page.getByTestId(`policy-${section}`).click();
        await atStep('site-policy');
        expect([...found, ...errors]).toEqual([]);
        await context.close();
      } finally {
        await server.remove();
      }
    },
    300_000,
  );
});
