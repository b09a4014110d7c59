import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { Ready } from './watchpost-process.ts';

/** Fills in the log-in page that is open. */
export async function logInto(
  page: Page,
  { user, password }: Pick<Ready, 'user' | 'password'>,
): Promise<void> {
  await page.getByTestId('login-user').fill(user);
  await page.getByTestId('login-password').fill(password);
  await page.getByTestId('login-submit').click();
  await page.locator('[data-testid="alert-list"][data-loaded="true"]').waitFor();
}

/** A browser window with the console open and an officer logged in. `url` when it is not the server's own address. */
export async function openConsole(
  browser: Browser,
  ready: Ready,
  options: BrowserContextOptions & { readonly url?: string } = {},
): Promise<{ readonly context: BrowserContext; readonly page: Page }> {
  const { url = ready.console, ...rest } = options;
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    ...rest,
  });
  await listenToSounds(context);
  const page = await context.newPage();
  await page.goto(url);
  await logInto(page, ready);
  return { context, page };
}

/** A sound of a page: when it began, in milliseconds of the page, and of how many tones it is made. */
export interface Sound {
  readonly atMs: number;
  readonly tones: number;
}

/** Writes down, inside each page, what it sounds. Tones that are ordered together are one sound. */
async function listenToSounds(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const sounds: { atMs: number; tones: number }[] = [];
    Object.assign(window, { watchpostSounds: sounds });
    const togetherMs = 50;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (this: OscillatorNode, when?: number) {
      const atMs = performance.now();
      const last = sounds.at(-1);
      if (this.context.state !== 'running') return start.call(this, when);
      if (last && atMs - last.atMs < togetherMs) last.tones += 1;
      else sounds.push({ atMs, tones: 1 });
      return start.call(this, when);
    };
  });
}

/** What a page sounded since it was loaded. */
export function soundsOf(page: Page): Promise<readonly Sound[]> {
  return page.evaluate(() => (window as unknown as { watchpostSounds: Sound[] }).watchpostSounds);
}
