// @vitest-environment jsdom
import { type ListEntry, listEntrySchema, rolePermissions, type Session } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { afterEach, expect, it } from 'vitest';
import { ApiProblem, type Ask } from '../../api/ask.ts';
import type { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { openPage } from '../../testing/open-page.tsx';
import { listsPage } from './lists-entry.ts';

const site = {
  ...{ id: 'yard', name: { en: 'Yard', 'zh-CN': '货场' }, timeZone: 'UTC' },
  zones: [{ id: 'hall', name: { en: 'Hall', 'zh-CN': '大厅' } }],
} as unknown as Site;
const session = {
  ...{ user: 'ana', role: 'supervisor', permissions: [...rolePermissions.supervisor] },
  sites: [{ site: 'yard', role: 'supervisor', permissions: [...rolePermissions.supervisor], zones: null }],
} as unknown as Session;

const entry: ListEntry = listEntrySchema.parse({
  ...{
    site: 'yard',
    id: 'e1',
    version: 3,
    list: 'watch',
    label: 'Zhang San',
    state: 'proposed',
    area: ['hall'],
  },
  ...{
    expires: '2027-01-31T00:00:00.000Z',
    review: '2026-12-31T00:00:00.000Z',
    photos: 1,
    missing: ['approval'],
  },
  ...{ legalBasis: 'Order 7', authority: 'Court', purpose: 'Theft', reason: 'Stole', instruction: 'Call' },
  ...{ updatedAt: '2026-11-27T08:00:00.000Z', createdAt: '2026-11-27T08:00:00.000Z', erasure: null },
  author: { account: 'a', name: 'ben' },
  approvals: [{ account: 'a', name: 'ben', at: '2026-11-27T08:00:00.000Z' }],
  may: ['edit', 'approve', 'refuse', 'withdraw'],
});

const listed = { entries: [entry], next: null };
let page: DrawnPage | undefined;
afterEach(() => page?.close());

const open = (ask: Ask, language: 'en' | 'zh-CN' = 'en') =>
  openPage(listsPage, { ask, session, sites: new Map([['yard', site]]) }, language);

it.each([
  ['en', 'Waiting for approval', 'the approval of another person', 'Hall'],
  ['zh-CN', '待审批', '另一人的审批', '大厅'],
] as const)('an entry says in %s in which state it is and what is missing', async (language, ...said) => {
  const { ask } = new FakeApi({ 'GET /lists': listed, 'GET /lists/e1': entry });
  page = await open(ask, language);
  await page.press('lists-open');
  await page.find('entry-missing');
  for (const text of said) expect(page.text).toContain(text);
});

it('an approval is confirmed, and goes with the version that was seen', async () => {
  const active = { ...entry, version: 4, state: 'active', missing: [], may: ['withdraw'] };
  const { ask, asked } = new FakeApi({
    ...{ 'GET /lists': listed, 'GET /lists/e1': entry, 'POST /lists/e1/approve': active },
  });
  page = await open(ask);
  await page.press('lists-open');
  await page.press('step-approve');
  expect(asked.some(({ method }) => method === 'POST')).toBe(false);
  expect((await page.find('step-approve-dialog')).textContent).toContain('sign with your name');
  await page.press('step-approve-confirm');
  expect(asked.at(-1)).toMatchObject({ path: '/lists/e1/approve', body: { version: 3 } });
  expect((await page.find('entry-state')).textContent).toBe('Active');
});

it('a withdrawal says why', async () => {
  const { ask, asked } = new FakeApi({
    ...{ 'GET /lists': listed, 'GET /lists/e1': entry },
    'POST /lists/e1/withdraw': { ...entry, state: 'withdrawn', may: [] },
  });
  page = await open(ask);
  await page.press('lists-open');
  await page.press('step-withdraw');
  await page.fill({ 'step-reason': 'order lifted' });
  await page.press('step-withdraw-confirm');
  expect(asked.at(-1)?.body).toEqual({ version: 3, reason: 'order lifted' });
});

it('what is refused is said in words', async () => {
  const refusal = new ApiProblem('list.related_account', '', 403);
  const { ask } = new FakeApi({
    ...{ 'GET /lists': listed, 'GET /lists/e1': entry, 'POST /lists/e1/approve': refusal },
  });
  page = await open(ask);
  await page.press('lists-open');
  await page.press('step-approve');
  await page.press('step-approve-confirm');
  expect((await page.find('step-approve-confirm-problem')).textContent).toContain('second person');
});

it('who only reads is offered nothing, and an erased entry has no photos', async () => {
  const erased = { ...entry, state: 'erased', label: '', photos: 0, missing: [], may: [] };
  const { ask } = new FakeApi({ 'GET /lists': { entries: [erased], next: null }, 'GET /lists/e1': erased });
  page = await open(ask);
  await page.press('lists-open');
  expect((await page.find('entry-label')).textContent).toBe('Erased entry');
  expect([...page.all('entry-photo'), ...page.all('photos-none'), ...page.all('step-edit')]).toEqual([]);
});

it('a new entry is made with its zones, and then shown', async () => {
  const { ask, asked } = new FakeApi({
    ...{ 'GET /lists': { entries: [], next: null }, 'POST /lists?site=yard': entry, 'GET /lists/e1': entry },
  });
  page = await open(ask);
  expect((await page.find('lists-none')).textContent).toBe('There is no entry yet.');
  await page.press('lists-new');
  await page.fill({ 'entry-label': 'Zhang San', 'entry-legalBasis': 'Order 7', 'entry-authority': 'Court' });
  await page.fill({ 'entry-purpose': 'Theft', 'entry-expires': '2027-01-31', 'entry-review': '2026-12-31' });
  await page.press('entry-save');
  expect((await page.find('entry-save-problem')).textContent).toContain('one zone');
  await page.press('zone-hall');
  await page.press('entry-save');
  expect(asked.find(({ method }) => method === 'POST')?.body).toMatchObject({
    ...{ list: 'watch', label: 'Zhang San', area: ['hall'], expires: '2027-01-31T00:00:00.000Z' },
  });
  expect((await page.find('entry-label')).textContent).toBe('Zhang San');
});
