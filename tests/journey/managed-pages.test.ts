import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administrator, ManagedSite, password } from '../support/managed-site.ts';
import { Authenticator } from '../support/second-factor.ts';
import { seriousFindings } from '../support/serious-findings.ts';

const artifacts = fileURLToPath(new URL('./artifacts/', import.meta.url));

/** What is looked at: a name, and how one gets there from anywhere in the console. */
type View = readonly [name: string, open: (page: Page, site: ManagedSite) => Promise<void>];

const press = async (page: Page, ...ids: readonly string[]) => {
  for (const id of ids) await page.getByTestId(id).first().click();
};
const goto = (path: string, shown: string): View[1] => {
  return async (page, site) => {
    await page.goto(site.at(path));
    await page.getByTestId(shown).first().waitFor();
  };
};
const openOf = (name: string) => `[data-name="${name}"] [data-testid="person-open"]`;
const person = openOf('a.person.with.a.rather.long.name');
/** Presses, and waits until what follows is shown. */
const shows =
  (shown: string, ...ids: readonly string[]): View[1] =>
  async (page) => {
    await press(page, ...ids);
    await page.getByTestId(shown).first().waitFor();
  };

const views: readonly View[] = [
  ['people', goto('/manage/people', 'person-row')],
  [
    'invite',
    async (page) => {
      await press(page, 'people-invite');
      await page.getByTestId('invite-form').waitFor();
    },
  ],
  [
    'person',
    async (page) => {
      await press(page, 'invite-cancel');
      await page.locator(person).click();
      await page.getByTestId('person-name').waitFor();
    },
  ],
  ['person-reset', (page) => press(page, 'person-reset')],
  [
    'program',
    async (page, site) => {
      await goto('/manage/people', 'person-row')(page, site);
      await page.locator(openOf('turnstile')).click();
      await page.getByTestId('token-form').waitFor();
    },
  ],
  ['account', goto('/account', 'session-row')],
  ['account-app', (page) => press(page, 'totp-begin')],
  [
    'account-passkey',
    async (page, site) => {
      await goto('/account', 'passkey-begin')(page, site);
      await shows('passkey-label', 'passkey-begin')(page, site);
    },
  ],
  ['lists', goto('/manage/lists', 'lists-open')],
  ['lists-new', (page) => press(page, 'lists-new')],
  [
    'entry',
    async (page) => {
      await press(page, 'entry-cancel', 'lists-open');
      await page.getByTestId('entry-state').waitFor();
    },
  ],
  ['entry-withdraw', (page) => press(page, 'step-withdraw')],
  ['incidents', goto('/manage/incidents', 'incidents-show')],
  ['history', goto('/manage/history', 'history-search')],
  ['receivers', goto('/manage/receivers', 'receivers-new')],
  ['receivers-new', shows('receiver-form', 'receivers-new')],
  ['escalation', goto('/manage/escalation', 'escalation-new')],
  ['escalation-new', shows('policy-form', 'escalation-new')],
  ['silences', goto('/manage/silences', 'silence')],
  ['silence-new', (page) => press(page, 'silence-new')],
  ['duty', goto('/manage/duty', 'duty-shift')],
  ['duty-rota', (page) => press(page, 'rota-change')],
  ['duty-override', (page) => press(page, 'duty-override')],
  [
    'handover',
    async (page) => {
      await press(page, 'handover-open');
      await page.getByTestId('handover-sheet').waitFor();
    },
  ],
  ['tasks', goto('/manage/tasks', 'task-next')],
  ['task-declined', (page) => press(page, 'task-declined')],
  ['departments', goto('/manage/departments', 'unit')],
  ['department-change', (page) => press(page, 'department-change')],
  ['unit-new', (page) => press(page, 'unit-new')],
  ['unit-end', (page) => press(page, 'unit-end')],
  ['load', goto('/manage/load', 'load-sums')],
  ['audit', goto('/manage/audit', 'audit-entry')],
  ['thresholds', goto('/manage/thresholds', 'thresholds-none')],
  ['passes', goto('/manage/passes', 'passes-open')],
  ['passes-new', shows('pass-form', 'passes-new')],
  ['pass', shows('pass-facts', 'pass-cancel', 'passes-open')],
  ['pass-code', shows('qr-code', 'pass-show')],
  ['pass-revoke', shows('pass-revoke-reason', 'pass-revoke')],
  ['plates', goto('/manage/plates', 'plates-open')],
  ['plates-new', shows('plate-form', 'plates-new')],
  ['plate', shows('plate-sheet', 'plate-cancel', 'plates-open')],
  ['plate-retire', shows('plate-retire-reason', 'plate-retire')],
  ['privacy', goto('/manage/privacy', 'privacy-record')],
  ['privacy-record', shows('privacy-form', 'privacy-edit')],
  ['privacy-removal', shows('privacy-removal', 'privacy-remove')],
  [
    'privacy-new',
    async (page, site) => {
      await press(page, 'site-cancel');
      await page.getByTestId('privacy-removal').waitFor({ state: 'detached' });
      await shows('privacy-missing', 'site-cancel', 'privacy-new')(page, site);
    },
  ],
  ['rules', goto('/manage/rules', 'rules-table')],
  ['site', goto('/manage/site', 'site-part-zones')],
  ['site-device', shows('device-form', 'device-open')],
  [
    'site-zones',
    async (page, site) => {
      await goto('/manage/site', 'site-part-zones')(page, site);
      await shows('zone-row', 'site-part-zones')(page, site);
    },
  ],
  ['site-zone', shows('zone-form', 'zone-open')],
  [
    'site-policy',
    async (page, site) => {
      await goto('/manage/site', 'site-part-policy')(page, site);
      await shows('policy-form', 'site-part-policy')(page, site);
    },
  ],
  ['setup', goto('/manage/setup', 'setup-step')],
  ['menu', (page) => press(page, 'person-menu')],
];
const looks = (['zh-CN', 'en-US'] as const).flatMap((locale) =>
  (['dark', 'light'] as const).map((colorScheme) => ({ locale, colorScheme })),
);
/** Wide, a phone, a small one, and 1280 × 1024 at 400 % (WCAG 2.2, 1.4.10). */
const narrow = [
  { width: 390, height: 780 },
  { width: 320, height: 700 },
  { width: 320, height: 256 },
];

describe('the pages of who manages', () => {
  let site: ManagedSite;
  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true });
    site = await ManagedSite.open();
    await site.person('a.person.with.a.rather.long.name', 'officer', ['gate']);
    const { context, page } = await site.windowOf(administrator);
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const answer = await page.request.post(site.at('/api/v1/lists?site=park'), {
      data: {
        ...{ list: 'watch', label: 'Somebody who was told to stay away', legalBasis: 'House rules, 4' },
        ...{ authority: 'Site management', purpose: 'Keeping the ban', reason: 'Threatened staff' },
        ...{ instruction: 'Call the supervisor.', area: ['gate'], expires: day(90), review: day(20) },
      },
    });
    expect(answer.status()).toBe(200);
    const made = async (path: string, data: object) =>
      expect((await page.request.post(site.at(`/api/v1${path}`), { data })).status(), path).toBe(200);
    const scopes = [{ site: 'park', role: 'officer', zones: null }];
    await made('/accounts', { name: 'turnstile', kind: 'service', scopes });
    await made('/passes?site=park', {
      ...{ id: randomUUID(), gates: ['gate'], purpose: 'work', reference: 'WO-4711', maxUses: 3 },
      ...{ address: 'B3-2-1204', notAfter: day(3) },
    });
    await made('/plates?site=park', {
      ...{ id: randomUUID(), zone: 'gate', address: 'B3-2-1204' },
      name: 'Block 3, entrance 2, flat 1204, Riverside Gardens',
    });
    await planDuty(page);
    await askForHelp(page);
    await context.close();
  });
  afterAll(() => site?.close());

  /** A department with a unit of the administrator, which has a task. */
  async function askForHelp(page: Page): Promise<void> {
    const post = async (path: string, data: object) => {
      const answer = await page.request.post(site.at(`/api/v1/response/${path}`), { data });
      expect([path, answer.status(), answer.status() === 200 ? '' : await answer.text()]).toEqual([
        path,
        200,
        '',
      ]);
    };
    const read = async (path: string) => (await page.request.get(site.at(`/api/v1/${path}`))).json();
    const { account } = await read('session');
    const [department, unit] = [randomUUID(), randomUUID()];
    await post('departments?site=park', {
      ...{ id: department, kind: 'fire', name: 'Fire brigade of the northern districts', zones: null },
      ...{ concerns: null, receiver: null, dispatchers: [account] },
    });
    const name = 'Engine 1 with ladder and rescue platform';
    await post(`departments/${department}/units`, { id: unit, name, duty: 'always', members: [account] });
    const { alerts } = await read('alerts');
    const note = 'Smoke in the hall, the gate is open.';
    await post('offers', { id: randomUUID(), subject: alerts[0].id, department, units: [unit], note });
  }

  /** A rota with a hole in it, a hand-over that waits for its second signature, and a silence for its own. */
  async function planDuty(page: Page): Promise<void> {
    const post = async (path: string, data: object) => {
      const answer = await page.request.post(site.at(`/api/v1/duty/${path}?site=park`), { data });
      expect([path, answer.status()]).toEqual([path, 200]);
    };
    const found = await page.request.get(site.at('/api/v1/duty/people?site=park'));
    const { people } = (await found.json()) as { people: { id: string; name: string }[] };
    const [taker, giver] = people.map(({ id }) => id);
    const rota = randomUUID();
    const rotation = { since: '2026-01-05', unit: 'week', every: 1, people: [giver] };
    const days = { kind: 'weekdays', weekdays: [1, 2, 3, 4, 5, 6, 7] };
    await post('rotas', {
      ...{ id: rota, name: 'Night watch of the park and of its gates', coverage: 'always', holidays: false },
      layers: [{ name: 'Round the clock', days, from: '08:00', to: '08:00', rotation }],
    });
    const at = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString();
    await post('exceptions', {
      ...{ id: randomUUID(), rota, kind: 'temporary', reason: 'trade fair', from: at(2), until: at(3) },
      shifts: [],
    });
    await post('handovers', { id: randomUUID(), rota, notes: 'Key 7 is at the desk.', taker });
    const data = {
      ...{ id: randomUUID(), until: at(1), reason: 'The fence along the northern car park is painted.' },
      match: { highest: 'critical', danger: true },
      hours: { weekdays: [1, 2, 3, 4, 5, 6, 7], from: '08:00', to: '18:00' },
    };
    const silenced = await page.request.post(site.at('/api/v1/silences?site=park'), { data });
    expect(silenced.status()).toBe(200);
  }

  const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  const look = async (page: Page, name: string) => {
    await page.screenshot({ path: join(artifacts, `manage-${name}.png`) });
    expect(await overflow(page), name).toBeLessThanOrEqual(0);
  };

  it.each(looks)('keep nobody out, with their dialogs, %o', async ({ locale, colorScheme }) => {
    const { context, page } = await site.windowOf(administrator, { locale, colorScheme });
    for (const [name, open] of views) {
      await open(page, site);
      await look(page, `${name}-${locale}-${colorScheme}`);
      expect(await seriousFindings(page), name).toEqual([]);
    }
    await context.close();
  });

  it.each(narrow)('fit into $width × $height pixels in both languages', async (viewport) => {
    for (const locale of ['zh-CN', 'en-US'] as const) {
      const { context, page } = await site.windowOf(administrator, { locale, viewport });
      for (const [name, open] of views) {
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

  it('are used with the keyboard alone', async () => {
    const { context, page } = await site.windowOf(administrator);
    const focused = () =>
      page.evaluate(() => document.activeElement?.closest('[data-testid]')?.getAttribute('data-testid'));
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
