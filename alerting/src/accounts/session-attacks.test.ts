import { accountPageSchema, accountWithLinkSchema } from '@watchpost/contracts/api';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { codeOf, testPassword } from '../testing/http-client.ts';
import { HttpSite, type Method } from '../testing/http-site.ts';
import { runAccountCommand } from './account-commands.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
});
// Limits of log-ins are not what is asked about here.
beforeEach(() => {
  site.clock.monotonicMs += 600_000;
});
afterAll(() => site.close());

type Answer = Awaited<ReturnType<HttpSite['ask']>>;
const cookieOf = ({ cookies }: Answer): string => `${cookies[0]?.name}=${cookies[0]?.value}`;
const logIn = (user: string, password = testPassword, cookie?: string) =>
  site.ask('POST', '/api/v1/session', undefined, { user, password }, cookie ? { cookie } : {});
const as = (cookie: string, method: Method, url: string, body?: object) =>
  site.ask(method, `/api/v1${url}`, undefined, body, { cookie });
const whoIs = async (cookie: string) => {
  const answer = await as(cookie, 'GET', '/session');
  return answer.statusCode === 200 ? answer.json().user : answer.statusCode;
};
const byLink = (token: string, password = testPassword) =>
  site.ask('POST', '/api/v1/account-link/password', undefined, { token, password });
const everywhere = [{ site: '*', role: 'admin', zones: null }];
/** Somebody with a password. */
const person = async (name: string, scopes: object[] = [{ site: 'test', role: 'officer', zones: null }]) => {
  const admin = cookieOf(await logIn('admin'));
  const made = await as(admin, 'POST', '/accounts', { name, scopes });
  const { account, link } = accountWithLinkSchema.parse(made.json());
  const entered = await byLink(link?.token ?? '');
  return { id: account.id, cookie: cookieOf(entered) };
};
const atConsole = (request: object) =>
  runAccountCommand(request, {
    ...{ db: site.store.db, nowMs: () => site.clock.nowMs },
    logger: { warn: () => undefined } as never,
  });

describe('a session', () => {
  test('is never one that somebody else has chosen', async () => {
    const chosen = `wp_session=${'a'.repeat(43)}`;
    const entered = await logIn('officer', testPassword, chosen);
    expect([await whoIs(cookieOf(entered)), await whoIs(chosen)]).toEqual(['officer', 401]);
    expect(cookieOf(entered)).not.toBe(chosen);
  });

  test('is another one after each log-in: who knew that of before is not let in with it', async () => {
    const attacker = cookieOf(await logIn('viewer'));
    const victim = cookieOf(await logIn('supervisor', testPassword, attacker));
    expect(victim).not.toBe(attacker);
    expect([await whoIs(attacker), await whoIs(victim)]).toEqual(['viewer', 'supervisor']);
  });

  test('is another one after a new password, and the one of before has ended', async () => {
    const { cookie } = await person('renewed');
    const to = { old: testPassword, password: 'four other words please' };
    const changed = await as(cookie, 'POST', '/account/password', to);
    expect([await whoIs(cookie), await whoIs(cookieOf(changed))]).toEqual([401, 'renewed']);
  });
});

describe('a one-time link', () => {
  test('of an invitation sets one password, whoever has it after that', async () => {
    const made = await site.ask('POST', '/api/v1/accounts', 'admin', {
      ...{ name: 'once', scopes: [{ site: 'test', role: 'viewer', zones: null }] },
    });
    const token = accountWithLinkSchema.parse(made.json()).link?.token ?? '';
    const both = await Promise.all([byLink(token), byLink(token, 'the password of somebody else')]);
    expect(both.map(({ statusCode }) => statusCode < 300).filter(Boolean)).toHaveLength(1);
    expect((await byLink(token, 'the password of somebody else')).statusCode).toBeGreaterThanOrEqual(400);
  });

  test('of a reset is worth nothing once its account has another password, or a later link', async () => {
    const chief = await person('last chief', everywhere);
    // Only the last administrator keeps a password while there is a link.
    const admin = accountPageSchema
      .parse((await as(chief.cookie, 'GET', '/accounts?search=admin')).json())
      .accounts.find(({ name }) => name === 'admin');
    await as(chief.cookie, 'POST', `/accounts/${admin?.id}`, {
      scopes: [{ site: 'test', role: 'admin', zones: null }],
    });
    const first = (await atConsole({ command: 'reset', name: 'last chief' })).link?.token ?? '';
    const second = (await atConsole({ command: 'reset', name: 'last chief' })).link?.token ?? '';
    expect((await byLink(first)).statusCode).toBeGreaterThanOrEqual(400);
    const again = cookieOf(await logIn('last chief'));
    const to = { old: testPassword, password: 'a password after the reset' };
    const own = await as(again, 'POST', '/account/password', to);
    expect(own.statusCode).toBe(200);
    expect((await byLink(second, 'the password of a finder')).statusCode).toBeGreaterThanOrEqual(400);
    expect(await whoIs(cookieOf(own))).toBe('last chief');
    // Back to two, as the others here want it.
    const back = await as(cookieOf(own), 'POST', `/accounts/${admin?.id}`, { scopes: everywhere });
    expect(back.statusCode).toBe(200);
    expect((await atConsole({ command: 'disable', name: 'last chief' })).link).toBeUndefined();
  });
});

describe('two administrators', () => {
  test('who take each other’s rights away at once leave one; nobody takes their own', async () => {
    const one = await person('north chief', everywhere);
    const two = await person('south chief', everywhere);
    const admin = cookieOf(await logIn('admin'));
    const [me] = accountPageSchema.parse((await as(admin, 'GET', '/accounts?search=admin')).json()).accounts;
    const down = { scopes: [{ site: 'test', role: 'viewer', zones: null }] };
    expect(codeOf(await as(one.cookie, 'POST', `/accounts/${one.id}`, down))).toBe('account.self');
    expect((await as(one.cookie, 'POST', `/accounts/${me?.id}/disable`, {})).statusCode).toBe(200);
    const both = await Promise.all([
      as(one.cookie, 'POST', `/accounts/${two.id}`, down),
      as(two.cookie, 'POST', `/accounts/${one.id}`, down),
    ]);
    expect(both.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
    const left = both[0]?.statusCode === 200 ? 'north chief' : 'south chief';
    const { accounts = [] } = await atConsole({ command: 'list' });
    const chiefs = accounts.filter(({ roles, state }) => roles['*'] === 'admin' && state === 'active');
    expect(chiefs.map(({ name }) => name)).toEqual([left]);
  });
});
