// @vitest-environment jsdom
import { type Account, type ApiToken, type ApiTokenList, roles } from '@watchpost/contracts/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiProblem } from '../../api/ask.ts';
import { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { testSession, testSites } from '../../testing/test-session.ts';
import { TokenNotice } from '../../ui/token-notice.tsx';
import { peoplePage as PeoplePage } from './people-entry.ts';
import { roleNames } from './role-names.ts';

const time = '2026-11-27T08:00:00.000Z';
const ben: Account = {
  id: '01998f3e-7d2a-7c11-9a35-0b1f5d6e7a91',
  name: 'ben',
  displayName: 'Ben Ito',
  kind: 'person',
  state: 'active',
  language: null,
  scopes: [{ site: 'yard', role: 'officer', zones: null }] as unknown as Account['scopes'],
  factors: [],
  byProvider: false,
  factorRequired: true,
  sessions: 2,
  tokens: 0,
  createdAt: time,
  lastUsed: null,
  invitedBy: { id: '01998f3e-7d2a-7c11-9a35-0b1f5d6e7a80', name: 'ana' },
  resetBy: null,
};
const link = { token: 'x'.repeat(43), expires: time };
const session = testSession(['accounts.manage']);

let api: FakeApi;
let page: DrawnPage;
beforeEach(() => {
  api = new FakeApi({
    'GET /accounts?limit=100': { accounts: [ben], next: null, total: 1 },
    'GET /api-tokens/due': { tokens: [] },
    [`GET /accounts/${ben.id}`]: ben,
  });
});
afterEach(() => page.close());

async function open(language: 'en' | 'zh-CN' = 'en'): Promise<void> {
  page = await DrawnPage.open(<PeoplePage ask={api.ask} session={session} sites={testSites} />, { language });
  await page.find('person-row');
}

async function openBen(): Promise<void> {
  await open();
  await page.press('person-open');
  await page.find('person-name');
}

const set = async (values: Readonly<Record<string, string>>) => {
  await page.fill(values);
  await page.settle();
};

it.each([
  ['en', 'The yard · Duty officer', 'missing'],
  ['zh-CN', '堆场 · 值班员', '缺少'],
] as const)('lists in %s who may do what, and whose second factor is missing', async (language, ...said) => {
  await open(language);
  for (const text of said) expect(page.text).toContain(text);
});

it('searches by name on the server', async () => {
  api.answers['GET /accounts?limit=100&search=zoe'] = { accounts: [], next: null, total: 0 };
  await open();
  await set({ 'people-search': 'zoe ' });
  expect((await page.find('people-count')).textContent).toBe('No account has this name.');
  expect(page.all('person-row')).toEqual([]);
});

it('offers each role of the contracts', () => {
  expect(roleNames).toEqual(roles);
});

describe('an invitation', () => {
  it('names sites, roles and zones, and gives a link that is shown once', async () => {
    const zoe = { ...ben, id: '01998f3e-7d2a-7c11-9a35-0b1f5d6e7a92', name: 'zoe', displayName: 'Zoe' };
    api.answers['POST /accounts'] = { account: zoe, link };
    api.answers[`GET /accounts/${zoe.id}`] = zoe;
    await open();
    await page.press('people-invite');
    await set({ 'invite-name': ' zoe', 'invite-display-name': 'Zoe', 'scope-role': 'supervisor' });
    await page.press('scope-zone-hall');
    await page.press('invite-submit');
    expect(api.bodiesOf('POST /accounts')).toEqual([
      {
        ...{ name: 'zoe', displayName: 'Zoe', kind: 'person', language: null },
        scopes: [{ site: 'yard', role: 'supervisor', zones: ['hall'] }],
      },
    ]);
    expect(await page.find('one-time-link-value')).toHaveProperty(
      'value',
      `${location.origin}/welcome#${link.token}`,
    );
    await page.press('one-time-link-done');
    expect(page.all('one-time-link')).toEqual([]);
    expect((await page.find('person-detail')).dataset.id).toBe(zoe.id);
  });

  it('begins with the narrower right: every site is chosen, never given by a slip', async () => {
    api.answers['POST /accounts'] = new ApiProblem('account.exists', '', 409);
    await open();
    await page.press('people-invite');
    await page.press('scope-remove');
    await page.press('scope-add');
    expect((await page.find('scope')).dataset.site).toBe('yard');
    await page.press('scope-add');
    expect(page.all('scope').map((scope) => scope.dataset.site)).toEqual(['yard', '*']);
    expect(page.all('scope-add')).toEqual([]);
    await set({ 'invite-name': 'ben' });
    await page.press('invite-submit');
    expect((await page.find('invite-submit-problem')).textContent).not.toBe('');
    expect(page.all('one-time-link')).toEqual([]);
  });
});

describe('one account', () => {
  it('gets other rights', async () => {
    api.answers[`POST /accounts/${ben.id}`] = ben;
    await openBen();
    await set({ 'scope-role': 'viewer' });
    await page.press('scope-zone-gate');
    await page.press('scope-zone-hall');
    await page.press('scope-zone-gate');
    await page.press('person-save');
    expect(api.bodiesOf(`POST /accounts/${ben.id}`)).toEqual([
      { displayName: 'Ben Ito', scopes: [{ site: 'yard', role: 'viewer', zones: ['hall'] }] },
    ]);
  });

  it('of one’s own keeps its rights', async () => {
    api.answers[`GET /accounts/${ben.id}`] = { ...ben, id: session.account };
    await openBen();
    expect(page.all('scope-editor')).toEqual([]);
  });

  it.each([
    ['person-disable', 'disable'],
    ['person-end-sessions', 'end-sessions'],
  ])('%s asks first', async (button, step) => {
    api.answers[`POST /accounts/${ben.id}/${step}`] = null;
    await openBen();
    await page.press(button);
    expect(page.text).toContain('Ben Ito?');
    expect(api.bodiesOf(`POST /accounts/${ben.id}/${step}`)).toEqual([]);
    await page.press(`${button}-confirm`);
    expect(api.bodiesOf(`POST /accounts/${ben.id}/${step}`)).toEqual([{}]);
  });

  it('is reset after a question, and the new link is shown', async () => {
    api.answers[`POST /accounts/${ben.id}/reset`] = { account: ben, link };
    await openBen();
    await page.press('person-reset');
    await page.press('person-reset-confirm');
    expect(await page.find('one-time-link-value')).toHaveProperty(
      'value',
      `${location.origin}/welcome#${link.token}`,
    );
  });

  it('is deleted after a question; the last administrator is not, and the dialog says so', async () => {
    api.answers[`DELETE /accounts/${ben.id}`] = new ApiProblem('account.last_administrator', '', 409);
    await openBen();
    await page.press('person-delete');
    await page.press('person-delete-confirm');
    expect((await page.find('person-delete-confirm-problem')).textContent).toContain('last administrator');
    api.answers[`DELETE /accounts/${ben.id}`] = null;
    await page.press('person-delete-confirm');
    await page.find('people-search');
  });
});

describe('a program', () => {
  const lift: Account = { ...ben, name: 'lift', displayName: 'lift', kind: 'service', sessions: 0 };
  const path = `/accounts/${ben.id}/tokens`;
  const token: ApiToken = {
    ...{ id: '01998f3e-7d2a-7c11-9a35-0b1f5d6e7a99', name: 'lift control', permissions: ['alerts.read'] },
    ...{ sites: null, createdAt: time, expires: time, state: 'soon', lastUsed: null, createdBy: null },
  };
  const list: ApiTokenList = { tokens: [token], permissions: ['alerts.read', 'devices.read'], mostDays: 90 };
  beforeEach(() => {
    api.answers['GET /accounts?limit=100'] = { accounts: [lift], next: null, total: 1 };
    api.answers[`GET /accounts/${ben.id}`] = lift;
    api.answers[`GET ${path}`] = list;
  });

  it('is added without a link, and its page is for its tokens', async () => {
    api.answers['POST /accounts'] = { account: lift, link: null };
    await open();
    await page.press('people-add-program');
    await set({ 'invite-name': 'lift' });
    await page.press('invite-submit');
    expect(api.bodiesOf('POST /accounts')).toMatchObject([{ name: 'lift', kind: 'service', language: null }]);
    await page.find('token-form');
    expect(page.all('one-time-link')).toEqual([]);
    expect(page.all('person-reset')).toEqual([]);
  });

  it.each([
    ['en', 'read alerts', 'ends soon'],
    ['zh-CN', '查看告警', '即将到期'],
  ] as const)('gets a token in %s that is shown once, with an end', async (language, ...said) => {
    const secret = `wpt_${'s'.repeat(43)}`;
    api.answers[`POST ${path}`] = { token, secret };
    await open(language);
    await page.press('person-open');
    await page.find('token-row');
    for (const text of said) expect(page.text).toContain(text);
    await set({ 'token-name': ' lift control' });
    await page.press('token-make');
    expect((await page.find('token-make-problem')).textContent).not.toBe('');
    await page.press('token-permission-devices.read');
    await page.press('token-make');
    const [sent] = api.bodiesOf(`POST ${path}`) as { readonly expires: string }[];
    expect(sent).toMatchObject({ name: 'lift control', permissions: ['devices.read'] });
    expect(Date.parse(sent?.expires ?? '')).toBeLessThan(Date.now() + 90 * 86_400_000);
    expect(await page.find('token-secret-value')).toHaveProperty('value', secret);
    await page.press('token-secret-done');
    expect(page.all('token-secret')).toEqual([]);
  });

  it('has a token revoked after a question', async () => {
    api.answers[`DELETE ${path}/${token.id}`] = null;
    await openBen();
    await page.press('token-revoke');
    expect(api.bodiesOf(`DELETE ${path}/${token.id}`)).toEqual([]);
    await page.press('token-revoke-confirm');
    expect(api.bodiesOf(`DELETE ${path}/${token.id}`)).toHaveLength(1);
  });

  it('whose token ends soon is told above the list, and the notice leads there', async () => {
    api.answers['GET /api-tokens/due'] = { tokens: [{ account: { id: ben.id, name: 'lift' }, token }] };
    await open();
    const due = await page.find('due-token');
    expect(due.textContent).toContain('lift: lift control');
    await page.press('due-token-show');
    await page.find('token-form');
  });
});

describe('on the console', () => {
  it.each([
    [['accounts.manage'], 1],
    [['alerts.read'], 0],
  ] as const)('who has %s is told of API tokens that end soon: %i', async (permissions, told) => {
    api.answers['GET /api-tokens/due'] = { tokens: [{}, {}] };
    page = await DrawnPage.open(<TokenNotice ask={api.ask} session={testSession(permissions)} />);
    await page.settle();
    expect(page.all('tokens-banner')).toHaveLength(told);
    expect(page.text.includes('2 API tokens')).toBe(told > 0);
  });
});
