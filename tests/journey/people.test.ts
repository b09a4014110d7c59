import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEn } from '../../dashboards/console/src/pages/audit/texts-en.ts';
import { auditZhCn } from '../../dashboards/console/src/pages/audit/texts-zh-cn.ts';
import { administrator, ManagedSite, password, photoOfOnePerson } from '../support/managed-site.ts';
import { Authenticator } from '../support/second-factor.ts';

/** Three roles on their way through the console, each in both languages, on a server of its own. */
describe('the people of a site', () => {
  let site: ManagedSite;
  let photo: Buffer;
  /** What the browser of somebody keeps, by name. */
  const browsers = new Map<string, Awaited<ReturnType<BrowserContext['storageState']>>>();

  beforeAll(async () => {
    [site, photo] = await Promise.all([ManagedSite.open(), photoOfOnePerson()]);
    await site.person('wu', 'auditor');
    await site.person('lee', 'auditor');
    await site.person('guo', 'officer', ['gate']);
  });
  afterAll(() => site?.close());

  const loaded = (page: Page) => page.locator('[data-testid="alert-list"][data-loaded="true"]').waitFor();
  /** Up to the second step. */
  const typePassword = async (page: Page, user: string) => {
    await page.goto(site.at('/'));
    await page.getByTestId('login-user').fill(user);
    await page.getByTestId('login-password').fill(password);
    await page.getByTestId('login-submit').click();
    await page.getByTestId('second-step').waitFor();
  };
  const showCode = async (page: Page, code: string) => {
    await page.getByTestId('second-code').fill(code);
    await page.getByTestId('second-submit').click();
  };
  const windowOf = (user: string, locale: string) => {
    const storageState = browsers.get(user);
    if (!storageState) throw new Error(`${user} has not logged in`);
    return site.window({ locale, storageState });
  };

  it.each([
    ['zh-CN', 'sun', '孙主管'],
    ['en-US', 'petra', 'Petra Lang'],
  ])(
    'an administrator invites somebody, who sets password and second factor up and uses both, %s',
    async (locale, name, displayName) => {
      const { context, page } = await site.windowOf(administrator, { locale });
      await page.goto(site.at('/manage/people'));
      await page.getByTestId('people-invite').click();
      await page.getByTestId('invite-name').fill(name);
      await page.getByTestId('invite-display-name').fill(displayName);
      await page.getByTestId('scope-role').selectOption('supervisor');
      await page.getByTestId('invite-submit').click();
      const link = await page.getByTestId('one-time-link-value').inputValue();
      expect(await page.getByTestId('person-name').innerText()).toBe(displayName);
      await context.close();

      const own = await site.window({ locale });
      await own.page.goto(link);
      await own.page.getByTestId('welcome-password').fill(password);
      await own.page.getByTestId('welcome-again').fill(password);
      await own.page.getByTestId('welcome-submit').click();
      // The role demands a second factor: nothing else opens before.
      await own.page.getByTestId('factor-needed').waitFor();
      const { app, codes } = await Authenticator.setUp(own.page, password);
      expect(new Set(codes).size).toBe(10);
      await own.page.getByTestId('recovery-codes-done').click();
      await own.page.getByTestId('factor-done').click();
      await loaded(own.page);
      expect(new URL(own.page.url()).hash).toBe('');
      await own.page.getByTestId('log-out').click();

      await typePassword(own.page, name);
      await showCode(own.page, '000000');
      await expect.poll(() => own.page.getByTestId('second-problem').innerText()).not.toBe('');
      await showCode(own.page, await app.code());
      await loaded(own.page);
      await own.page.getByTestId('log-out').click();
      // Without the phone.
      await typePassword(own.page, name);
      await own.page.getByTestId('second-other').click();
      await showCode(own.page, codes[0]?.toLowerCase() ?? '');
      await loaded(own.page);
      browsers.set(name, await own.context.storageState());
      await own.page.goto(site.at('/account'));
      expect(await own.page.getByTestId('codes-left').innerText()).toMatch(/^(还剩 9 |9 codes)/);
      await own.page.goto(link);
      await own.page.getByTestId('welcome-refused').waitFor();
      await own.context.close();
    },
  );

  it.each([
    ['zh-CN', 'sun', 'petra', '生效中', '已撤回', '已删除'],
    ['en-US', 'petra', 'sun', 'Active', 'Withdrawn', 'Erased'],
  ])(
    'a supervisor drafts an entry, another approves it, and it is withdrawn and erased, %s',
    async (locale, author, other, active, withdrawn, erased) => {
      const label = `Person of ${author}`;
      const [mine, theirs] = [await windowOf(author, locale), await windowOf(other, locale)];
      const state = (page: Page) => page.getByTestId('entry-state').innerText();
      const take = async (page: Page, step: string, reason?: string) => {
        await page.getByTestId(`step-${step}`).click();
        if (reason !== undefined) await page.getByTestId('step-reason').fill(reason);
        await page.getByTestId(`step-${step}-confirm`).click();
        await page.getByTestId(`step-${step}-dialog`).waitFor({ state: 'detached' });
      };
      await mine.page.goto(site.at('/manage/lists'));
      await mine.page.getByTestId('lists-new').click();
      for (const field of ['label', 'legalBasis', 'authority', 'purpose', 'reason', 'instruction'])
        await mine.page
          .getByTestId(`entry-${field}`)
          .fill(field === 'label' ? label : `${field} of this test`);
      await mine.page.getByTestId('entry-save').click();
      await expect.poll(() => mine.page.getByTestId('entry-save-problem').innerText()).not.toBe('');
      await mine.page.getByTestId('zone-gate').check();
      await mine.page.getByTestId('entry-save').click();
      // Without a photo nobody is put up for approval.
      await mine.page.getByTestId('photos-none').waitFor();
      expect(await mine.page.getByTestId('step-propose').count()).toBe(0);
      const file = { name: 'face.jpg', mimeType: 'image/jpeg', buffer: photo };
      await mine.page.getByTestId('entry-photo').setInputFiles(file);
      await mine.page.getByTestId('photo-0').waitFor({ timeout: 60_000 });
      await take(mine.page, 'propose');
      expect(await mine.page.getByTestId('step-approve').count()).toBe(0);

      await theirs.page.goto(site.at('/manage/lists'));
      await theirs.page.getByTestId('lists-open').filter({ hasText: label }).click();
      await theirs.page.getByTestId('photo-0').click();
      await theirs.page.getByTestId('step-reason').fill('compared with the order');
      await theirs.page.getByTestId('photo-0-confirm').click();
      const shown = theirs.page.getByTestId('photo-shown');
      await shown.waitFor();
      expect(await shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100);
      await take(theirs.page, 'approve');
      await expect.poll(() => state(theirs.page)).toBe(active);

      await mine.page.reload();
      await mine.page.getByTestId('lists-open').filter({ hasText: label }).click();
      expect(await state(mine.page)).toBe(active);
      await take(mine.page, 'withdraw', 'the order was lifted');
      await expect.poll(() => state(mine.page)).toBe(withdrawn);
      await take(mine.page, 'erase', 'asked for by the person');
      await expect.poll(() => state(mine.page)).toBe(erased);
      expect(await mine.page.getByTestId('managed-page').innerText()).not.toContain(label);
      expect(await mine.page.getByTestId('photo-0').count()).toBe(0);
      await mine.context.close();
      await theirs.context.close();
    },
  );

  it.each([
    ['zh-CN', 'wu', auditZhCn],
    ['en-US', 'lee', auditEn],
  ] as const)(
    'an auditor reads the log, exports it, and it is followed to its end, %s',
    async (locale, name, texts) => {
      const { context, page } = await site.windowOf(name, { locale });
      await page.goto(site.at('/manage/audit'));
      await page.getByTestId('audit-entry').first().waitFor();
      await page.getByTestId('audit-action').selectOption('list_entry_withdrawn');
      await page.getByTestId('audit-actor').fill('sun');
      await page.getByTestId('audit-filter').click();
      const found = page.locator('[data-testid="audit-entry"][data-action="list_entry_withdrawn"]');
      await expect.poll(() => page.getByTestId('audit-entry').count()).toBe(1);
      expect(await found.innerText()).toContain('the order was lifted');
      expect(await found.innerText()).toContain(texts['audit.action.list_entry_withdrawn']);
      // Names of people on lists are not in it.
      expect(await page.getByTestId('managed-page').innerText()).not.toContain('Person of');
      await page.getByTestId('audit-action').selectOption('log_out');
      await page.getByTestId('audit-filter').click();
      await expect.poll(() => page.getByTestId('audit-entry').count()).toBe(2);

      const begun = page.waitForEvent('download');
      await page.getByTestId('audit-export').click();
      const path = join(site.server.folder, `audit-${name}.jsonl`);
      await (await begun).saveAs(path);
      expect(site.server.run('audit', 'verify', path)).toMatch(/\d+/);
      const text = readFileSync(path, 'utf8');
      expect(text).not.toContain('Person of');
      writeFileSync(path, text.replace('the order was lifted', 'the order was kept up'));
      expect(() => site.server.run('audit', 'verify', path)).toThrow();
      // What an auditor may not open is not offered, and its address opens nothing.
      expect(await page.getByTestId('manage-people').count()).toBe(0);
      await page.goto(site.at('/manage/people'));
      await page.getByTestId('manage-none').waitFor();
      await context.close();
    },
  );

  it.each(['zh-CN', 'en-US'])(
    'an officer of one zone sees what is there and nothing else, %s',
    async (locale) => {
      const { context, page } = await site.windowOf('guo', { locale });
      await page.goto(site.at('/'));
      await loaded(page);
      const row = (device: string) =>
        page.locator(`[data-testid="alert-row"][data-event-type="watchpost.sensor.alarm.v1"]`, {
          hasText: device,
        });
      await row(locale === 'zh-CN' ? 'gate 烟感' : 'Smoke in the gate').waitFor({ timeout: 60_000 });
      const text = await page.locator('body').innerText();
      for (const hidden of ['hall 烟感', 'Smoke in the hall', '大厅', 'Hall'])
        expect(text).not.toContain(hidden);
      await page.goto(site.at('/account'));
      await expect
        .poll(() => page.getByTestId('account-rights-table').innerText())
        .toContain(locale === 'zh-CN' ? '大门' : 'Gate');
      await page.goto(site.at('/manage/lists'));
      await page.getByTestId('manage-none').waitFor();
      // Somebody of the whole site sees both.
      const whole = await site.windowOf(administrator, { locale });
      await whole.page.goto(site.at('/'));
      await loaded(whole.page);
      await whole.page
        .getByText(locale === 'zh-CN' ? 'hall 烟感' : 'Smoke in the hall')
        .first()
        .waitFor();
      await whole.context.close();
      await context.close();
    },
  );
});
