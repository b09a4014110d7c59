import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillManagedSite } from '../support/managed-contents.ts';
import { administrator, ManagedSite } from '../support/managed-site.ts';
import { managedViews } from '../support/managed-views.ts';

describe('the pages of who manages', () => {
  let site: ManagedSite;
  beforeAll(async () => {
    site = await ManagedSite.open();
    await fillManagedSite(site);
  });
  afterAll(() => site?.close());

  it('have nothing to press or fill in that Tab does not reach, and the focus is seen everywhere', async () => {
    const { context, page } = await site.windowOf(administrator);
    for (const [index, [name, open]] of managedViews.entries()) {
      await open(page, site);
      // The bar above and the menu are the same everywhere.
      expect(await beyondTab(page, index === 0 ? 'body' : 'main'), name).toEqual([]);
    }
    await context.close();
  }, 300_000);

  it('planted: a button that Tab passes by, and a focus that nobody sees, are found', async () => {
    const { context, page } = await site.windowOf(administrator);
    await page.goto(site.at('/manage/privacy'));
    await page.getByTestId('privacy-record').waitFor();
    await page.getByTestId('managed-page').evaluate((element) => {
      const buttons = '<button tabindex="-1">by mouse</button><button style="outline: none">unseen</button>';
      element.insertAdjacentHTML('afterbegin', buttons);
    });
    expect(await beyondTab(page, 'main')).toEqual(['not reached: by mouse', 'not seen: unseen']);
    await context.close();
  });

  it('are used with the keyboard alone', async () => {
    const { context, page } = await site.windowOf(administrator);
    const focused = () => focusedIn(page);
    const tabTo = async (id: string) => {
      // More than once around the page: what is loaded later is met the next time.
      for (let step = 0; step < 200; step += 1) {
        if ((await focused()) === id) return;
        await page.keyboard.press('Tab');
        const outline = await page.evaluate(() => {
          const at = document.activeElement;
          return at === document.body || (at ? getComputedStyle(at).outlineStyle : 'none') !== 'none';
        });
        expect(outline, `the focus is seen on ${await focused()}`).toBe(true);
      }
      throw new Error(`Tab does not reach ${id}`);
    };
    await page.goto(site.at('/'));
    await page.locator('[data-testid="alert-list"][data-loaded="true"]').waitFor();
    await tabTo('person-menu');
    await page.keyboard.press('Enter');
    await tabTo('menu-people');
    await page.keyboard.press('Enter');
    // A new page begins at its top.
    await expect.poll(focused).toBe('managed-page');
    await tabTo('people-invite');
    await page.keyboard.press('Enter');
    await tabTo('invite-name');
    await page.keyboard.type('keyboard');
    await tabTo('invite-submit');
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('one-time-link');
    await tabTo('one-time-link-done');
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('managed-page');
    await tabTo('person-disable');
    await page.keyboard.press('Enter');
    await page.getByTestId('person-disable-dialog').waitFor();
    // The dialog keeps the focus, and gives it back.
    for (let step = 0; step < 6; step += 1) {
      await page.keyboard.press('Tab');
      expect(await focused()).toMatch(/^person-disable-/);
    }
    await page.keyboard.press('Escape');
    await page.getByTestId('person-disable-dialog').waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('person-disable');
    await page.keyboard.press('Enter');
    await page.getByTestId('person-disable-dialog').waitFor();
    await tabTo('person-disable-confirm');
    await page.keyboard.press('Enter');
    await page.getByTestId('person-enable').waitFor();
    await expect.poll(focused).toBe('person-name');
    // The dialog gives the focus back with its last frame, and nobody is as fast as this.
    await page.waitForTimeout(500);
    await tabTo('person-back');
    await page.keyboard.press('Enter');
    await page.locator('[data-name="keyboard"][data-state="disabled"]').waitFor();

    await page.goto(site.at('/manage/lists'));
    await page.getByTestId('lists-open').first().waitFor();
    await tabTo('lists-open');
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('entry-label');
    await tabTo('step-withdraw');
    await page.keyboard.press('Enter');
    await tabTo('step-reason');
    await page.keyboard.type('no longer needed');
    await tabTo('step-withdraw-confirm');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByTestId('entry-state').innerText()).toBe('Withdrawn');
    await expect.poll(focused).toBe('entry-label');
    await tabTo('entry-back');
    // From the last thing that takes the focus Tab leaves the page: nothing holds it.
    await page.goto(site.at('/account'));
    await page.getByTestId('session-row').first().waitFor();
    const seen: (string | undefined | null)[] = [];
    for (let step = 0; step < 200; step += 1) {
      await page.keyboard.press('Tab');
      seen.push(await focused());
    }
    expect(seen.filter((id) => id === 'person-menu').length).toBeGreaterThan(1);
    await context.close();
  });
});

/** The test id of what has the focus, or of what it is in. */
const focusedIn = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('[data-testid]')?.getAttribute('data-testid'));

/**
 * What in a part of the page, or in the dialog before it, can be pressed or filled in and Tab does not come
 * to, and where the focus is not seen. Of a group that is one stop (radio buttons, tabs, a list to choose
 * from) one is enough.
 */
async function beyondTab(page: Page, part: 'body' | 'main'): Promise<string[]> {
  const count = await page.evaluate((where) => {
    const dialog = document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]');
    const page = document.querySelector<HTMLElement>('[data-testid="managed-page"]');
    const within = dialog ?? (where === 'body' ? document.body : (page ?? document.body));
    const isShown = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true }) &&
      !element.closest('[inert], [aria-hidden="true"], .sr-only, details:not([open]) > :not(summary)');
    const stops = [...within.querySelectorAll('button, a[href], input, select, textarea, summary')].filter(
      (element) =>
        isShown(element) &&
        !element.matches(':disabled, [type="hidden"], [type="radio"], [role="menuitem"], [role="tab"]') &&
        !element.closest('[role="listbox"], [role="grid"], [role="slider"]'),
    );
    for (const element of stops) element.setAttribute('data-awaits-tab', '');
    (document.activeElement as HTMLElement | null)?.blur();
    // Tab goes on from here.
    if (!dialog && where === 'main') page?.focus();
    return stops.length;
  }, part);
  const unseen = new Set<string>();
  const named = (text: string | null | undefined) => (text ?? '').trim().slice(0, 40);
  for (let step = 0; step < count + 40 && count > 0; step += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return { left: 0, name: '', isSeen: true };
      const isStop = element.hasAttribute('data-awaits-tab');
      element.removeAttribute('data-awaits-tab');
      const { outlineStyle, boxShadow } = getComputedStyle(element);
      return {
        left: document.querySelectorAll('[data-awaits-tab]').length,
        name: element.getAttribute('data-testid') ?? element.textContent,
        // A dialog or a heading that has the focus only says where one is.
        isSeen: !isStop || outlineStyle !== 'none' || boxShadow !== 'none',
      };
    });
    if (!at.isSeen) unseen.add(named(at.name));
    if (at.name !== '' && at.left === 0) break;
  }
  const missed = await page.evaluate(() =>
    [...document.querySelectorAll('[data-awaits-tab]')].map((element) => {
      element.removeAttribute('data-awaits-tab');
      return element.getAttribute('data-testid') ?? element.getAttribute('aria-label') ?? element.textContent;
    }),
  );
  return [
    ...missed.map((name) => `not reached: ${named(name)}`),
    ...[...unseen].map((name) => `not seen: ${name}`),
  ];
}
