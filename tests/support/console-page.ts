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

/**
 * A browser window with the console open and an officer logged in. `url` when it is not the server's own
 * address.
 */
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

/** What a page shows of its sound. */
export interface SoundSight {
  /** `data-sound` of the switch and what it is called; null while there is none. */
  readonly sound: string | null;
  readonly label: string | null;
  readonly banner: boolean;
  /** The middle of the button that allows sound, in pixels of the window. */
  readonly allow: { readonly x: number; readonly y: number } | null;
  /** How often it has sounded. */
  readonly sounds: number;
}

/**
 * A window of somebody who is logged in in `from`, and what it shows of its sound, newest last. The page says
 * so by itself on its console: whatever Playwright asks a page counts for Chromium as a gesture of the user,
 * and so does one on an earlier page of the tab.
 */
export async function openUntouched(
  browser: Browser,
  from: BrowserContext,
  url: string,
): Promise<{
  readonly context: BrowserContext;
  readonly page: Page;
  readonly sights: readonly SoundSight[];
}> {
  const context = await browser.newContext({
    storageState: await from.storageState(),
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
  });
  await listenToSounds(context);
  await context.addInitScript(() => {
    const found = (id: string) => document.querySelector(`[data-testid="${id}"]`);
    setInterval(() => {
      const toggle = found('sound-switch');
      const box = found('sound-allow')?.getBoundingClientRect();
      const sight = {
        sound: toggle?.getAttribute('data-sound') ?? null,
        label: toggle?.getAttribute('aria-label') ?? null,
        banner: found('sound-banner') !== null,
        allow: box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : null,
        sounds: (window as unknown as { watchpostSounds: unknown[] }).watchpostSounds.length,
      };
      console.log(`sight ${JSON.stringify(sight)}`);
    }, 100);
  });
  const page = await context.newPage();
  const sights: SoundSight[] = [];
  page.on('console', (message) => {
    const text = message.text();
    if (text.startsWith('sight ')) sights.push(JSON.parse(text.slice('sight '.length)) as SoundSight);
  });
  await page.goto(url);
  return { context, page, sights };
}
