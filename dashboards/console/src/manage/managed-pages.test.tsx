// @vitest-environment jsdom
import { afterEach, expect, it, vi } from 'vitest';
import { ApiProblem } from '../api/ask.ts';
import type { ManagedPage } from '../routes/place.ts';
import { DrawnPage } from '../testing/drawn-page.tsx';
import { FakeApi } from '../testing/fake-ask.ts';
import { testSession as session } from '../testing/test-session.ts';
import { PersonMenu } from '../ui/person-menu.tsx';
import { askUntilSignedOut } from './ask-until-signed-out.ts';
import { ManagedPages } from './managed-pages.tsx';
import { offeredPages, sections } from './sections.ts';

let page: DrawnPage | undefined;
afterEach(() => page?.close());

const open = (shown: ManagedPage, language: 'en' | 'zh-CN' = 'en') =>
  DrawnPage.open(
    <ManagedPages
      page={shown}
      ask={new FakeApi({}).ask}
      session={session(['alerts.read'])}
      sites={new Map()}
      onSignedOut={() => undefined}
    />,
    { language },
  );

it.each([
  ['en', 'My account', 'What you may do'],
  ['zh-CN', '我的账户', '您的权限'],
] as const)(
  'the own account is there for everybody, with the texts of its page in %s',
  async (language, ...said) => {
    page = await open('account', language);
    await page.find('account-rights-table');
    for (const text of said) expect(page.text).toContain(text);
    expect((await page.find('manage-account')).getAttribute('aria-current')).toBe('page');
  },
);

it('a page that one may not open, or that does not exist, is not offered, and says so by its address', async () => {
  page = await open('people');
  await page.find('manage-none');
  expect(page.all('manage-people')).toEqual([]);
  expect(offeredPages(session(['alerts.read']))).toEqual(['account', 'incidents', 'history', 'silences']);
});

it('who may do everything is offered each page that there is', () => {
  const all = session([...new Set(sections.map(({ permission }) => permission))]);
  expect(offeredPages(all)).toEqual(['account', ...sections.map(({ name }) => name)]);
});

it('the menu of a person leads to each page', async () => {
  page = await DrawnPage.open(<PersonMenu session={session([])} pages={['account', 'lists']} />);
  const menu = document.getElementById('person-menu');
  expect((await page.find('person-menu')).getAttribute('popovertarget')).toBe(menu?.id);
  await page.press('menu-lists');
  expect(page.address).toBe('/manage/lists');
});

it('an ended session is told to the console, any other refusal to the page alone', async () => {
  const signedOut = vi.fn();
  const refused = (code: string) =>
    askUntilSignedOut(() => Promise.reject(new ApiProblem(code, '', 401)), signedOut)('GET', '/x');
  await expect(refused('api.bad_credentials')).rejects.toMatchObject({ code: 'api.bad_credentials' });
  expect(signedOut).not.toHaveBeenCalled();
  await expect(refused('api.unauthenticated')).rejects.toMatchObject({ code: 'api.unauthenticated' });
  expect(signedOut).toHaveBeenCalledOnce();
});
