import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { oidcSchema } from '@watchpost/contracts/site';
import { replaceSecretFile } from '@watchpost/service';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OidcLogIn } from '../../accounts/oidc/oidc-log-in.ts';
import { OidcProvider } from '../../accounts/oidc/oidc-provider.ts';
import type { OidcSettings } from '../../accounts/oidc/oidc-settings.ts';
import { oidcPolicy } from '../../accounts/policy.ts';
import { createMetrics } from '../../health/metrics.ts';
import { findAccount, saveAccount } from '../../store/account-store.ts';
import { HttpSite } from '../../testing/http-site.ts';
import { IdentityProvider } from '../../testing/identity-provider.ts';
import { testSite } from '../../testing/test-site.ts';
import type { Api } from '../api.ts';
import { buildServers } from '../server.ts';

const folder = mkdtempSync(join(tmpdir(), 'oidc-'));
const secretFile = join(folder, 'oidc.client');
let provider: IdentityProvider;
let site: HttpSite;
let app: Api;
let base: string;
let settings: OidcSettings;

beforeAll(async () => {
  [provider, site] = await Promise.all([IdentityProvider.open(), HttpSite.open()]);
  replaceSecretFile(secretFile, provider.client.secret);
  const { secret: _, ...section } = oidcSchema.parse({
    ...{ issuer: provider.issuer, clientId: provider.client.id, secret: 'oidc.client' },
    label: { en: 'Staff', 'zh-CN': '员工账户' },
    roles: { claim: 'groups', mapping: [{ value: 'guards', site: testSite.id, role: 'officer' }] },
  });
  settings = { ...section, secretFile };
  const options = site.options();
  const { db, sessions, nowMs } = options;
  const oidc = new OidcLogIn({
    ...{ settings, db, sessions, nowMs },
    ...{ logins: createMetrics().logins, logger: pino({ level: 'silent' }), key: Buffer.alloc(32, 1) },
  });
  ({ console: app } = await buildServers({ ...options, oidc, flows: undefined }));
  base = await app.listen({ host: '127.0.0.1', port: 0 });
  provider.serve(`${base}/api/v1/session/oidc/callback`);
});
afterAll(async () => {
  await app?.close();
  await Promise.all([site?.close(), provider?.close()]);
  rmSync(folder, { recursive: true, force: true });
});

/** Asks as a browser does that was sent here by another site. */
const go = (path: string, cookie = '') =>
  fetch(base + path, {
    redirect: 'manual',
    headers: {
      ...{ cookie, accept: 'text/html', 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0' },
      ...{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
    },
  });
const cookieOf = (answer: Response, name: string) =>
  answer.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith(name))
    ?.split(';')[0] ?? '';

/** From the button of the log-in page to the address with the code, and the cookie of the step. */
async function toProvider(): Promise<{
  readonly back: string;
  readonly step: string;
  readonly begun: Response;
}> {
  const begun = await go('/api/v1/session/oidc');
  const { pathname, search } = await provider.visit(begun.headers.get('location') ?? '');
  return { back: pathname + search, step: cookieOf(begun, 'wp_oidc'), begun };
}

/** The whole way; the session that came of it, or the code of the refusal. */
async function logIn(subject: string) {
  provider.visitor = subject;
  const { back, step } = await toProvider();
  return outcomeOf(await go(back, step));
}
async function outcomeOf(done: Response) {
  const location = done.headers.get('location') ?? '';
  const refused = /^\/#log-in=(.+)$/.exec(location)?.[1];
  if (refused !== undefined) return { refused, cookie: cookieOf(done, 'wp_session') };
  expect([done.status, location]).toEqual([302, '/']);
  const cookie = cookieOf(done, 'wp_session');
  const session = await fetch(`${base}/api/v1/session`, { headers: { cookie } });
  return { refused: undefined, cookie, session: await session.json() };
}

describe('log-in through an identity provider', () => {
  it('is offered with its name', async () => {
    const methods = await fetch(`${base}/api/v1/session/methods`);
    expect(await methods.json()).toMatchObject({ oidc: { label: settings.label } });
    const without = await site.ask('GET', '/api/v1/session/methods');
    expect(without.json()).toMatchObject({ oidc: null });
    expect((await site.ask('GET', '/api/v1/session/oidc')).statusCode).toBe(404);
  });

  it('makes an account with the mapped roles, and finds it again under another name', async () => {
    provider.people.s1 = { preferred_username: 'ana.sso', groups: ['guards'] };
    const first = await logIn('s1');
    expect(first.session).toMatchObject({ user: 'ana.sso', role: 'officer', sites: [{ site: testSite.id }] });
    provider.people.s1 = { preferred_username: 'renamed', groups: ['guards'] };
    const again = await logIn('s1');
    expect(again.session).toMatchObject({ user: 'ana.sso', account: first.session.account });
    expect(await findAccount(site.store.db, 'renamed')).toBeUndefined();
  });

  it('goes with a step that scripts do not see, for a few minutes, of this host', async () => {
    provider.visitor = 's1';
    const { begun } = await toProvider();
    const url = new URL(begun.headers.get('location') ?? '');
    expect(url.origin).toBe(provider.issuer);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      ...{ response_type: 'code', code_challenge_method: 'S256', scope: 'openid profile' },
      state: expect.stringMatching(/.{20}/),
      nonce: expect.stringMatching(/.{20}/),
    });
    const [set = ''] = begun.headers.getSetCookie();
    expect(set).toMatch(/HttpOnly; SameSite=Lax/);
    expect(set).not.toContain('Domain');
    expect(set).toContain(`Max-Age=${oidcPolicy.stepMs / 1000}`);
  });

  it('gives nobody in who has no mapped role, and takes away what the person had', async () => {
    provider.people.s2 = { preferred_username: 'ben.sso', groups: ['guards'] };
    const { cookie } = await logIn('s2');
    provider.people.s2 = { preferred_username: 'ben.sso', groups: ['cooks'] };
    expect(await logIn('s2')).toMatchObject({ refused: 'account.oidc_no_role', cookie: '' });
    expect((await fetch(`${base}/api/v1/session`, { headers: { cookie } })).status).toBe(401);
    provider.people.s3 = { preferred_username: 'carl.sso' };
    expect(await logIn('s3')).toMatchObject({ refused: 'account.oidc_no_role', cookie: '' });
    expect(await findAccount(site.store.db, 'carl.sso')).toBeUndefined();
  });

  it('does not take a local account over that has the name', async () => {
    await saveAccount(site.store.db, { name: 'dora', roles: { '*': 'admin' }, password: 'unset' });
    provider.people.s4 = { preferred_username: 'dora', groups: ['guards'] };
    expect(await logIn('s4')).toMatchObject({ refused: 'account.oidc_name_taken', cookie: '' });
    expect((await findAccount(site.store.db, 'dora'))?.roles).toEqual({ '*': 'admin' });
    provider.people.s5 = { groups: ['guards'] };
    expect(await logIn('s5')).toMatchObject({ refused: 'account.oidc_claim' });
  });

  it('leaves the second factor to the provider, and the account is no invited one', async () => {
    site.factorFor.push('officer');
    provider.people.s6 = { preferred_username: 'eva.sso', groups: ['guards'] };
    const { cookie, session } = await logIn('s6');
    expect(session.factorNeeded).toBe(false);
    const ask = async (path: string, body?: object) => {
      const sent = body && { method: 'POST', body: JSON.stringify(body) };
      const headers = { cookie, ...(body ? { 'content-type': 'application/json' } : {}) };
      return (await fetch(`${base}/api/v1${path}`, { headers, ...sent })).json();
    };
    const byProvider = { byProvider: true, factorRequired: false };
    expect(await ask('/account')).toMatchObject({ ...byProvider, hasPassword: false });
    expect(await ask('/account/totp', { password: 'x' })).toMatchObject({ code: 'account.no_password' });
    const change = { old: 'x', password: 'four words are enough' };
    expect(await ask('/account/password', change)).toMatchObject({ code: 'account.no_password' });
    const account = async (id: string) => (await site.ask('GET', `/api/v1/accounts/${id}`, 'admin')).json();
    expect(await account(session.account)).toMatchObject({
      ...{ ...byProvider, state: 'active', lastUsed: expect.any(String) },
    });
    expect((await ask('/account/sessions')).sessions).toMatchObject([{ browser: { system: 'Windows' } }]);

    // Who gets a password here needs what everybody with one needs, whichever way they come.
    const reset = await site.ask('POST', `/api/v1/accounts/${session.account}/reset`, 'admin', {});
    const { token } = reset.json().link;
    const link = { token, password: 'four words are enough' };
    await site.ask('POST', '/api/v1/account-link/password', undefined, link);
    expect(await account(session.account)).toMatchObject({ byProvider: false, factorRequired: true });
    expect((await logIn('s6')).session.factorNeeded).toBe(true);
    site.factorFor.length = 0;
  });

  it('is in the audit log, done and refused', async () => {
    const rows = await site.store.db.selectFrom('audit').select(['action', 'outcome']).execute();
    expect(rows).toContainEqual({ action: 'log_in', outcome: 'done' });
    expect(rows).toContainEqual({ action: 'log_in_refused', outcome: 'refused' });
  });
});

describe('what is brought back', () => {
  beforeEach(() => {
    provider.people.s1 = { preferred_username: 'ana.sso', groups: ['guards'] };
    provider.visitor = 's1';
  });
  const refusedOf = async (path: string, step: string) => (await outcomeOf(await go(path, step))).refused;

  it('without the cookie of the browser that began it is nothing', async () => {
    const { back, step } = await toProvider();
    expect(await refusedOf(back, '')).toBe('account.oidc_step');
    expect(await refusedOf(back, `${step.slice(0, -2)}xx`)).toBe('account.oidc_step');
    const other = await toProvider();
    expect(await refusedOf(back, other.step)).toBe('account.oidc_refused');
  });

  it('is good once, and for a few minutes', async () => {
    const { back, step } = await toProvider();
    expect(await refusedOf(back, step)).toBeUndefined();
    expect(await refusedOf(back, step)).toBe('account.oidc_step');
    const late = await toProvider();
    site.clock.nowMs += oidcPolicy.stepMs;
    expect(await refusedOf(late.back, late.step)).toBe('account.oidc_step');
    site.clock.nowMs -= oidcPolicy.stepMs;
  });

  it('from another issuer, or as an error, is refused', async () => {
    for (const [name, value] of [
      ['iss', 'https://evil.example'],
      ['error', 'access_denied'],
    ] as const) {
      const { back, step } = await toProvider();
      const url = new URL(back, base);
      url.searchParams.set(name, value);
      expect(await refusedOf(url.pathname + url.search, step)).toBe('account.oidc_refused');
    }
  });
});

describe('the provider', () => {
  const refused = expect.objectContaining({ code: 'account.oidc_refused' });
  const begin = async () => {
    provider.visitor = 's1';
    const asked = new OidcProvider(settings);
    const { url, step } = await asked.begin(`${base}/api/v1/session/oidc/callback`);
    return { asked, step, answer: await provider.visit(url) };
  };

  it.each(['nonce', 'state', 'verifier'] as const)(
    'answers for another %s than was begun: refused',
    async (what) => {
      const { asked, step, answer } = await begin();
      await expect(asked.finish(answer, { ...step, [what]: 'x'.repeat(43) })).rejects.toEqual(refused);
    },
  );

  it('gives nothing for a code a second time', async () => {
    const { asked, step, answer } = await begin();
    await expect(asked.finish(answer, step)).resolves.toMatchObject({
      issuer: provider.issuer,
      subject: 's1',
    });
    await expect(asked.finish(answer, step)).rejects.toEqual(refused);
  });

  it('is asked under its own name alone', async () => {
    const asked = new OidcProvider({
      ...settings,
      issuer: provider.issuer.replace('127.0.0.1', 'localhost'),
    });
    await expect(asked.begin(`${base}/x`)).rejects.toEqual(refused);
  });

  it('that is away is said, and the password works on', async () => {
    const away = new OidcProvider({ ...settings, issuer: 'http://127.0.0.1:9' });
    await expect(away.begin(`${base}/x`)).rejects.toMatchObject({ code: 'account.oidc_unreachable' });
    expect(site.cookie('officer')).not.toBe('');
  });
});
