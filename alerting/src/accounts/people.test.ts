import { type Account, accountPageSchema, accountWithLinkSchema } from '@watchpost/contracts/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, testPassword } from '../testing/http-client.ts';
import { HttpSite, type Method } from '../testing/http-site.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
});
afterAll(() => site.close());

const post = (url: string, payload: object = {}, role: 'admin' | 'officer' = 'admin') =>
  site.ask('POST', url, role, payload);
const invite = async (name: string, scopes: object[] = [{ site: 'test', role: 'officer' }]) =>
  accountWithLinkSchema.parse((await post('/api/v1/accounts', { name, scopes })).json());
const listed = async (search?: string): Promise<Account[]> => {
  const query = search === undefined ? '' : `?search=${encodeURIComponent(search)}`;
  return accountPageSchema.parse((await site.ask('GET', `/api/v1/accounts${query}`, 'admin')).json())
    .accounts;
};
const idOf = async (name: string) => (await listed(name))[0]?.id ?? '';
const cookieOf = (answer: Awaited<ReturnType<typeof post>>) => {
  const [cookie] = answer.cookies;
  return `${cookie?.name}=${cookie?.value}`;
};
const enter = async (token: string) =>
  site.ask('POST', '/api/v1/account-link/password', undefined, { token, password: testPassword });
const audited = async () => {
  const rows = await site.store.db.selectFrom('audit').selectAll().orderBy('position').execute();
  return rows.map(({ action, actor, outcome, subject }) => ({
    ...{ action, outcome, id: subject?.id },
    by: typeof actor === 'string' ? actor : actor.name,
  }));
};

describe('who manages accounts', () => {
  test('invites somebody with zones, by a link that sets the password', async () => {
    const { account, link } = await invite('ren', [{ site: 'test', role: 'officer', zones: ['gate'] }]);
    expect(account).toMatchObject({
      ...{ name: 'ren', displayName: 'ren', state: 'invited', sessions: 0, resetBy: null },
      ...{ scopes: [{ site: 'test', role: 'officer', zones: ['gate'] }], invitedBy: { name: 'admin' } },
    });
    const session = (await enter(link?.token ?? '')).json();
    expect(session).toMatchObject({ account: account.id, user: 'ren', sites: [{ zones: ['gate'] }] });
    expect((await listed('REN')).map(({ state, sessions }) => [state, sessions])).toEqual([['active', 1]]);
    expect((await audited()).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['account_invited', 'link_used']),
    );
  });

  test('changes roles, which ends the sessions; disables, enables, resets, deletes', async () => {
    const { account, link } = await invite('mei');
    const { id } = account;
    const cookie = cookieOf(await enter(link?.token ?? ''));
    const who = () => site.ask('GET', '/api/v1/session', undefined, undefined, { cookie });
    expect((await who()).statusCode).toBe(200);
    await post(`/api/v1/accounts/${id}`, { scopes: [{ site: 'test', role: 'viewer' }], displayName: '梅' });
    expect((await who()).statusCode).toBe(401);
    expect(await listed('梅')).toMatchObject([{ name: 'mei', scopes: [{ role: 'viewer' }] }]);

    const disabled = accountWithLinkSchema.parse((await post(`/api/v1/accounts/${id}/disable`)).json());
    expect([disabled.account.state, disabled.link]).toEqual(['disabled', null]);
    expect(codeOf(await post(`/api/v1/accounts/${id}/reset`))).toBe('account.disabled');
    const log = { user: 'mei', password: testPassword };
    expect(codeOf(await site.ask('POST', '/api/v1/session', undefined, log))).toBe('api.bad_credentials');
    const enabled = accountWithLinkSchema.parse((await post(`/api/v1/accounts/${id}/enable`)).json());
    expect((await enter(enabled.link?.token ?? '')).statusCode).toBe(200);
    const reset = accountWithLinkSchema.parse((await post(`/api/v1/accounts/${id}/reset`)).json());
    expect(reset.account).toMatchObject({ state: 'invited', sessions: 0, resetBy: { name: 'admin' } });
    expect(codeOf(await site.ask('POST', '/api/v1/session', undefined, log))).toBe('api.bad_credentials');
    expect((await site.ask('DELETE', `/api/v1/accounts/${id}`, 'admin')).statusCode).toBe(204);
    const again = await invite('mei');
    expect(again.account.id).not.toBe(id);
    const steps = (await audited())
      .filter((entry) => entry.id === id)
      .map(({ action, by }) => `${action} ${by}`);
    expect(steps).toEqual([
      ...['account_invited admin', 'link_used mei', 'roles_changed admin', 'account_changed admin'],
      ...['account_disabled admin', 'log_in_refused mei', 'account_enabled admin', 'link_used mei'],
      ...['account_reset admin', 'account_deleted admin'],
    ]);
  });

  test('a service account has no link', async () => {
    const made = await post('/api/v1/accounts', {
      ...{ name: 'exporter', kind: 'service', scopes: [{ site: 'test', role: 'viewer' }] },
    });
    const { account, link } = accountWithLinkSchema.parse(made.json());
    expect([account.state, link]).toEqual(['active', null]);
    expect(codeOf(await post(`/api/v1/accounts/${account.id}/reset`))).toBe('account.service');
  });

  test('finds accounts page by page; a search means what it says', async () => {
    const page = async (query: string) =>
      accountPageSchema.parse((await site.ask('GET', `/api/v1/accounts?limit=2${query}`, 'admin')).json());
    const first = await page('');
    const second = await page(`&cursor=${encodeURIComponent(first.next ?? '')}`);
    expect(first.total).toBeGreaterThan(3);
    expect(new Set([...first.accounts, ...second.accounts].map(({ id }) => id)).size).toBe(4);
    expect(await listed('%')).toEqual([]);
  });
});

describe('beyond the own rights', () => {
  /** Administrator of each site that there is, and not of those to come. */
  let local: string;
  beforeAll(async () => {
    const { link } = await invite('local', [{ site: 'test', role: 'admin' }]);
    local = cookieOf(await enter(link?.token ?? ''));
  });

  const attempts: [string, string, Method, (name: string) => string, object | undefined, string][] = [
    ['officer', 'lists accounts', 'GET', () => '/api/v1/accounts', undefined, 'api.forbidden'],
    ['officer', 'reads one', 'GET', (id) => `/api/v1/accounts/${id}`, undefined, 'api.forbidden'],
    ['officer', 'invites', 'POST', () => '/api/v1/accounts', { name: 'x', scopes: [] }, 'api.forbidden'],
    ['officer', 'resets', 'POST', (id) => `/api/v1/accounts/${id}/reset`, {}, 'api.forbidden'],
    ['officer', 'deletes', 'DELETE', (id) => `/api/v1/accounts/${id}`, undefined, 'api.forbidden'],
    [
      'local',
      'raises themself',
      'POST',
      () => '/api/v1/accounts/self',
      { scopes: [{ site: '*', role: 'admin' }] },
      'account.self',
    ],
    ['local', 'disables themself', 'POST', () => '/api/v1/accounts/self/disable', {}, 'account.self'],
    ['local', 'deletes themself', 'DELETE', () => '/api/v1/accounts/self', undefined, 'account.self'],
    [
      'local',
      'gives every site',
      'POST',
      () => '/api/v1/accounts',
      { name: 'x', scopes: [{ site: '*', role: 'viewer' }] },
      'account.beyond_own',
    ],
    [
      'local',
      'resets who has every site',
      'POST',
      (id) => `/api/v1/accounts/${id}/reset`,
      {},
      'account.beyond_own',
    ],
    [
      'local',
      'deletes who has every site',
      'DELETE',
      (id) => `/api/v1/accounts/${id}`,
      undefined,
      'account.beyond_own',
    ],
  ];

  test.each(attempts)('%s: %s', async (who, _what, method, url, body, code) => {
    const id = await idOf('admin');
    const self = await idOf('local');
    const before = (await audited()).length;
    const path = url(id).replace('/self', `/${self}`);
    const answer =
      who === 'local'
        ? await site.ask(method, path, undefined, body, { cookie: local })
        : await site.ask(method, path, 'officer', body);
    expect([answer.statusCode, codeOf(answer)]).toEqual([403, code]);
    expect((await audited()).slice(before)).toMatchObject([
      { action: 'access_refused', outcome: 'refused', by: who },
    ]);
  });

  test('the last administrator of every site stays', async () => {
    const { account, link } = await invite('chief', [{ site: '*', role: 'admin' }]);
    const chief = cookieOf(await enter(link?.token ?? ''));
    const id = await idOf('admin');
    // Two administrators: one may go, the other may not go by any way.
    await post(`/api/v1/accounts/${account.id}/end-sessions`);
    expect(
      (await site.ask('GET', '/api/v1/session', undefined, undefined, { cookie: chief })).statusCode,
    ).toBe(401);
    const log = { user: 'chief', password: testPassword };
    const cookie = cookieOf(await site.ask('POST', '/api/v1/session', undefined, log));
    await post(`/api/v1/accounts/${account.id}`, { scopes: [{ site: 'test', role: 'admin' }] });
    const down = cookieOf(await site.ask('POST', '/api/v1/session', undefined, log));
    expect(cookie).not.toBe(down);
    const step = await site.ask('POST', `/api/v1/accounts/${id}/disable`, undefined, {}, { cookie: down });
    expect(codeOf(step)).toBe('account.beyond_own');
  });

  test('a site or a zone that is not there gets nobody', async () => {
    const to = (scope: object) => post('/api/v1/accounts', { name: 'nobody', scopes: [scope] });
    const elsewhere = await to({ site: 'elsewhere', role: 'viewer' });
    expect([codeOf(elsewhere), elsewhere.json().path]).toEqual(['account.scope_unknown', '/scopes/0/site']);
    const attic = await to({ site: 'test', role: 'viewer', zones: ['attic'] });
    expect([codeOf(attic), attic.json().path]).toEqual(['account.scope_unknown', '/scopes/0/zones']);
    expect(codeOf(await to({ site: '*', role: 'viewer', zones: ['gate'] }))).toBe('api.invalid');
  });
});
