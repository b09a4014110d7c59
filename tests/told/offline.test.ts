import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { logInto } from '../support/console-page.ts';
import { startServer, type TestServer } from '../support/start-server.ts';

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  server = await startServer();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

it.each([
  ['en', 'not reachable', /Not live since \w{3} \d/],
  ['zh-CN', '无法连接服务器', /自 2\d{3}年.* 起未连接/],
] as const)(
  'a browser that is opened while the server is away says in %s since when, and comes back by itself',
  async (locale, title, since) => {
    const context = await browser.newContext({ locale, viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    await page.goto(server.ready.console);
    await logInto(page, server.ready);
    await page.locator('[data-testid="connection"][data-connection="live"]').waitFor();
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await context.setOffline(true);
    await page.reload();
    await page.locator('#title').filter({ hasText: title }).waitFor();
    expect(await page.locator('#since').innerText()).toMatch(since);
    // Of the console nothing is kept: what is shown is never of before.
    const kept = await page.evaluate(async () =>
      (await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys())))
        .flat()
        .map(({ url }) => new URL(url).pathname),
    );
    expect(kept.sort()).toEqual(['/icon.svg', '/offline.css', '/offline.html', '/offline.js']);
    await context.setOffline(false);
    await page.locator('[data-testid="alert-list"][data-loaded="true"]').waitFor();
    await context.close();
  },
);

it('the console can be installed', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(server.ready.console);
  const session = await context.newCDPSession(page);
  const { data, errors } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  expect(JSON.parse(data ?? '{}')).toMatchObject({
    name: 'Watchpost',
    display: 'standalone',
    start_url: '/',
  });
  await context.close();
});
