import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { seriousFindings } from '../support/serious-findings.ts';
import { killProcessesOf, type Ready, readReadyLine } from '../support/watchpost-process.ts';

// The guide “Your first site”, done as it says: its commands, then the link in a browser.
const root = fileURLToPath(new URL('../..', import.meta.url));
const artifacts = fileURLToPath(new URL('./artifacts/', import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'watchpost-first-site-'));
const folder = join(place, 'server');
const environment = {
  ...process.env,
  ...{
    LC_ALL: 'C',
    WATCHPOST_HTTP_PORT: '0',
    WATCHPOST_MQTT_PORT: '0',
    WATCHPOST_DATA: join(folder, 'data'),
  },
};

/** The commands of a guide, in its order. */
const commandsOf = (guide: string): string[] =>
  [...readFileSync(join(root, 'docs/guides', guide), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(
    ([, block = '']) => block.trim().split('\n'),
  );
const commands = commandsOf('first-site.md');
const here = (command: string): string => command.replaceAll('/srv/watchpost', folder);
const run = (command: string): string =>
  execFileSync('sh', ['-c', here(command)], { cwd: root, encoding: 'utf8', env: environment });
const [init = '', add = '', check = '', up = '', ...later] = commands;

type ReadyServer = Ready & { readonly welcome: string; readonly gateways: string };
let browser: Browser;
let server: ChildProcess;
let ready: ReadyServer;

beforeAll(async () => {
  mkdirSync(artifacts, { recursive: true });
  run(init);
  run(add);
  expect(run(check)).toBe('No mistakes\n');
  server = spawn('sh', ['-c', `exec ${here(up)} --json`], {
    ...{ cwd: root, env: environment, detached: true },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  ready = (await readReadyLine(server, 150_000)) as ReadyServer;
  browser = await openBrowser();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  killProcessesOf(environment.WATCHPOST_DATA);
  rmSync(place, { recursive: true, force: true });
});

describe('the guide “Your first site”', () => {
  it('says the same in both languages', () => {
    expect(commandsOf('first-site.zh-CN.md')).toEqual(commands);
    expect([init, add, check, up].map((command) => command.split(' ')[2])).toEqual([
      'init',
      'add',
      'check',
      'up',
    ]);
  });

  it('leads to a console that whoever installed the root trusts, and nobody else', async () => {
    const statusWith = (ca?: Buffer): Promise<number | string | undefined> =>
      new Promise((resolve) => {
        const call = request(
          new URL('/healthz', ready.console),
          { ...(ca ? { ca } : {}), agent: false },
          (answer) => {
            answer.resume();
            resolve(answer.statusCode);
          },
        );
        call.on('error', (error) => resolve('code' in error ? String(error.code) : error.message)).end();
      });
    expect(ready.console).toMatch(/^https:\/\/localhost:\d+\/$/);
    expect(await statusWith(readFileSync(join(folder, 'web', 'root.pem')))).toBe(200);
    expect(await statusWith()).toMatch(/UNABLE_TO_VERIFY|SELF_SIGNED/);
  });

  it.each([
    ['zh-CN', 390],
    ['en-US', 1440],
  ] as const)('has a page for the link that keeps nobody out, %s at %i pixels', async (locale, width) => {
    const context = await browser.newContext({
      ...{ ignoreHTTPSErrors: true, locale, viewport: { width, height: 800 } },
    });
    const page = await context.newPage();
    await page.goto(ready.welcome);
    await page.getByTestId('welcome-password').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.screenshot({ path: join(artifacts, `welcome-${locale}-${width}.png`) });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await page.goto(new URL(`/welcome#${'x'.repeat(43)}`, ready.console).href);
    await page.reload();
    await page.getByTestId('welcome-refused').waitFor();
    await context.close();
  });

  it('makes the first administrator with the keyboard alone, who sees the first alert', async () => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-US' });
    const page = await context.newPage();
    await page.goto(ready.welcome);
    await page.getByTestId('welcome-user').waitFor();
    const type = async (text: string) => {
      await page.keyboard.type(text);
      await page.keyboard.press('Tab');
    };
    await type('anna admin');
    await type('four words are enough');
    await page.keyboard.type('four words are enoug');
    await page.keyboard.press('Enter');
    await page.getByTestId('welcome-problem').getByText('differ').waitFor();
    await page.keyboard.type('h');
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="alert-list"][data-loaded="true"]').waitFor();
    expect(new URL(page.url()).hash).toBe('');
    await page.getByTestId('alert-row').getByText('Smoke detector in the hall').first().waitFor();
    await page.screenshot({ path: join(artifacts, 'first-site.png') });
    await context.close();
  });

  it('gives colleagues accounts while the server runs, and stops when it is told to', async () => {
    const said = later.map(run);
    expect(said[0]).toMatch(new RegExp(`^${new URL(ready.console).origin}/welcome#[\\w-]{43}\n$`));
    expect(said[1]).toContain('anna  invited  every site: officer');
    expect(said[1]).toContain('anna admin  active  every site: admin');
    server.kill('SIGTERM');
    const [code] = await once(server, 'exit');
    expect(code).toBe(0);
  });
});
