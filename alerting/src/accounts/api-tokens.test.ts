import {
  type Account,
  type AccountScope,
  accountWithLinkSchema,
  alertPageSchema,
  apiTokenListSchema,
  dueApiTokensSchema,
  type NewApiToken,
  newApiTokenSchema,
  notForTokens,
  type Permission,
} from '@watchpost/contracts/api';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tiedTo } from '../store/account-ties.ts';
import { codeOf, cookieOf, testPassword } from '../testing/http-client.ts';
import { HttpSite, type Method } from '../testing/http-site.ts';
import { apiTokenPolicy, defaultTokenLife } from './policy.ts';
import { TokenReminder } from './token-reminder.ts';

const dayMs = 86_400_000;
const someId = '11111111-1111-4111-8111-111111111111';
let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
});
afterAll(() => site.close());

const admin = (method: Method, url: string, payload?: object) => site.ask(method, url, 'admin', payload);
const inDays = (days: number) => new Date(site.clock.nowMs + days * dayMs).toISOString();
let programs = 0;
async function program(scopes: object[] = [{ site: 'test', role: 'integrator' }]): Promise<Account> {
  const name = `program${++programs}`;
  const answer = await admin('POST', '/api/v1/accounts', { name, kind: 'service', scopes });
  return accountWithLinkSchema.parse(answer.json()).account;
}
const request = (permissions: readonly Permission[], more: object = {}) => ({
  ...{ name: 'the lift', permissions, expires: inDays(30) },
  ...more,
});
const asked = (id: string, body: object) => admin('POST', `/api/v1/accounts/${id}/tokens`, body);
const made = async (
  id: string,
  permissions: readonly Permission[],
  more: object = {},
): Promise<NewApiToken> => newApiTokenSchema.parse((await asked(id, request(permissions, more))).json());
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const by = (
  secret: string,
  method: Method,
  url: string,
  payload?: object,
  headers: Readonly<Record<string, string>> = {},
) => site.ask(method, url, undefined, payload, { ...bearer(secret), ...headers });
const audited = async (action: string) =>
  (await site.store.db.selectFrom('audit').selectAll().orderBy('position').execute()).filter(
    (entry) => entry.action === action,
  );

/** Reads a stream that a token opened, until it ends. */
async function stream(secret: string) {
  const answer = await fetch(`${site.base}/api/v1/stream`, { headers: bearer(secret) });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  await reader?.read();
  const ended = (async () => {
    while (!(await reader?.read())?.done);
    return true;
  })();
  return { status: answer.status, ended };
}

describe('an API token', () => {
  test('opens what it was made for, shown once, kept as a hash', async () => {
    const { id } = await program();
    const { token, secret } = await made(id, ['alerts.read', 'devices.read']);
    expect(secret).toMatch(/^wpt_[A-Za-z0-9_-]{43}$/);
    expect((await by(secret, 'GET', '/api/v1/alerts')).statusCode).toBe(200);
    const session = (await by(secret, 'GET', '/api/v1/session')).json();
    expect(session).toMatchObject({
      ...{ account: id, expires: token.expires, factorNeeded: false },
      permissions: ['alerts.read', 'devices.read'],
    });
    expect((await by(secret, 'GET', '/api/v1/rejects')).statusCode).toBe(403);
    const answer = await admin('GET', `/api/v1/accounts/${id}/tokens`);
    const { tokens, permissions } = apiTokenListSchema.parse(answer.json());
    expect(permissions.toSorted()).toEqual([
      'alerts.read',
      'arming.read',
      'devices.read',
      'metrics.read',
      'plates.issue',
      'plates.read',
      'rejects.read',
      'site.edit',
      'site.read',
      'warnings.send',
    ]);
    expect(tokens).toMatchObject([{ id: token.id, state: 'good', createdBy: { name: 'admin' } }]);
    expect(tokens[0]?.lastUsed).not.toBeNull();
    const rows = await site.store.db.selectFrom('api_token').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  test('is written down when it is made, used from a new place, and revoked; never with its secret', async () => {
    const { id, name } = await program();
    const { token, secret } = await made(id, ['alerts.read']);
    await Promise.all([1, 2, 3].map(() => by(secret, 'GET', '/api/v1/alerts')));
    await admin('DELETE', `/api/v1/accounts/${id}/tokens/${token.id}`);
    const own = async (action: string) =>
      (await audited(action)).filter(({ subject }) => subject?.id === token.id).map(({ actor }) => actor);
    const maker = expect.objectContaining({ name: 'admin' });
    expect(await own('token_made')).toEqual([maker]);
    expect(await own('token_used')).toEqual([{ account: id, name }]);
    expect(await own('token_revoked')).toEqual([maker]);
    const log = JSON.stringify(await site.store.db.selectFrom('audit').selectAll().execute());
    expect(log + site.lines.join('')).not.toContain(secret.slice(4));
    expect(site.lines.join('')).toContain('new address');
  });

  test('that is revoked ends at once, with the stream that it opened; a repeat finds none', async () => {
    const { id } = await program();
    const { token, secret } = await made(id, ['alerts.read']);
    const { status, ended } = await stream(secret);
    expect(status).toBe(200);
    const revoke = () => admin('DELETE', `/api/v1/accounts/${id}/tokens/${token.id}`);
    expect((await revoke()).statusCode).toBe(204);
    expect(await ended).toBe(true);
    expect(codeOf(await by(secret, 'GET', '/api/v1/alerts'))).toBe('account.token_unusable');
    expect((await revoke()).statusCode).toBe(404);
  });

  test.each([
    ['disabled', (id: string) => admin('POST', `/api/v1/accounts/${id}/disable`, {})],
    ['deleted', (id: string) => admin('DELETE', `/api/v1/accounts/${id}`)],
  ])('of an account that is %s opens nothing any more', async (_how, end) => {
    const { id } = await program();
    const { secret } = await made(id, ['alerts.read']);
    const { ended } = await stream(secret);
    await end(id);
    expect(codeOf(await by(secret, 'GET', '/api/v1/alerts'))).toBe('account.token_unusable');
    await site.bearers.sweep();
    expect(await ended).toBe(true);
  });

  test('follows the rights of its account: less of those is less of it, and its stream ends', async () => {
    const { id } = await program();
    const { secret } = await made(id, ['alerts.read', 'rejects.read']);
    const { ended } = await stream(secret);
    await admin('POST', `/api/v1/accounts/${id}`, { scopes: [{ site: 'test', role: 'viewer' }] });
    await site.bearers.sweep();
    expect(await ended).toBe(true);
    expect((await by(secret, 'GET', '/api/v1/rejects')).statusCode).toBe(403);
    expect((await by(secret, 'GET', '/api/v1/alerts')).statusCode).toBe(200);
  });

  test('that ended opens nothing, is told before and after, and is forgotten', async () => {
    const { id, name } = await program();
    const { token, secret } = await made(id, ['alerts.read'], { expires: inDays(20) });
    const due = async () => {
      // Sessions have ended long before.
      const cookie = await cookieOf(site.app, 'admin');
      const answer = await site.ask('GET', '/api/v1/api-tokens/due', undefined, undefined, { cookie });
      return dueApiTokensSchema
        .parse(answer.json())
        .tokens.filter((one) => one.token.id === token.id)
        .map(({ account, token: { state } }) => [account.name, state]);
    };
    const told: string[] = [];
    const reminder = new TokenReminder({
      ...{ db: site.store.db, life: defaultTokenLife, nowMs: () => site.clock.nowMs },
      logger: pino({ level: 'warn' }, { write: (line: string) => void told.push(line) }),
    });
    await reminder.run();
    expect([await due(), reminder.due, told]).toEqual([[], { soon: 0, ended: 0 }, []]);
    const begin = site.clock.nowMs;
    try {
      site.clock.nowMs = begin + 7 * dayMs;
      expect(await due()).toEqual([[name, 'soon']]);
      await reminder.run();
      expect([reminder.due, told.join('').includes(token.id)]).toEqual([{ soon: 1, ended: 0 }, true]);
      expect((await by(secret, 'GET', '/api/v1/alerts')).statusCode).toBe(200);
      site.clock.nowMs = begin + 20 * dayMs;
      expect(codeOf(await by(secret, 'GET', '/api/v1/alerts'))).toBe('account.token_unusable');
      site.clock.nowMs = begin + 20 * dayMs + apiTokenPolicy.endedKeptMs;
      await reminder.run();
    } finally {
      site.clock.nowMs = begin;
    }
    expect(await due()).toEqual([]);
  });

  test('is slowed beyond its requests, and for itself alone', async () => {
    const { id } = await program();
    const { secret } = await made(id, ['alerts.read']);
    const other = await made(id, ['alerts.read']);
    const { burst } = apiTokenPolicy.requests;
    for (let request = 0; request < burst; request++) await site.bearers.enter(secret, '192.0.2.1');
    const answer = await by(secret, 'GET', '/api/v1/session');
    expect([answer.statusCode, codeOf(answer)]).toEqual([429, 'api.too_many_requests']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect((await by(other.secret, 'GET', '/api/v1/session')).statusCode).toBe(200);
  });
});

describe('who makes a token', () => {
  const only = (permissions: readonly Permission[]) => ({ permissions });
  const zones = [{ site: 'test', role: 'viewer', zones: ['gate'] }] as unknown as AccountScope[];
  test.each<[string, object[] | undefined, object, string]>([
    ['a right that the account has not', undefined, only(['passes.read']), '/permissions/0'],
    ['another site', undefined, { sites: [{ site: 'elsewhere' }] }, '/sites/0'],
    ['a zone that the account has not', zones, { sites: [{ site: 'test', zones: ['stores'] }] }, '/sites/0'],
    ['the whole server of one zone', zones, only(['metrics.read']), '/permissions/0'],
  ])('cannot give it %s', async (_what, scopes, more, path) => {
    const { id } = await program(scopes);
    const answer = await asked(id, request(['alerts.read'], more));
    expect([answer.statusCode, codeOf(answer), answer.json().path]).toEqual([
      ...[422, 'account.token_beyond', path],
    ]);
  });

  test.each(notForTokens)('cannot give it %s, which takes a person', async (permission) => {
    const { id } = await program([{ site: 'test', role: 'admin' }]);
    expect((await asked(id, request([permission]))).statusCode).toBe(400);
    // Nor does a row that says so open it.
    const { token, secret } = await made(id, ['alerts.read']);
    await site.store.db
      .updateTable('api_token')
      .set({ permissions: ['alerts.read', permission] })
      .where('id', '=', token.id)
      .execute();
    const session = (await by(secret, 'GET', '/api/v1/session')).json();
    expect(session.permissions).toEqual(['alerts.read']);
  });

  test.each([
    ['without an end', { expires: undefined }, 400],
    ['for more than a year', { expires: () => inDays(366) }, 422],
    ['that has ended', { expires: () => inDays(-1) }, 422],
  ])('cannot make one %s', async (_what, { expires }, status) => {
    const { id } = await program();
    expect((await asked(id, request(['alerts.read'], { expires: expires?.() }))).statusCode).toBe(status);
  });

  test('cannot make one of a person, or of a disabled account, or too many', async () => {
    const answer = await admin('GET', '/api/v1/accounts?search=officer');
    const person = answer.json().accounts[0].id;
    expect(codeOf(await asked(person, request(['alerts.read'])))).toBe('account.no_service');
    const { id } = await program();
    for (let count = 0; count < apiTokenPolicy.perAccount; count++) await made(id, ['alerts.read']);
    expect(codeOf(await asked(id, request(['alerts.read'])))).toBe('account.token_limit');
    await admin('POST', `/api/v1/accounts/${id}/disable`, {});
    expect(codeOf(await asked(id, request(['alerts.read'])))).toBe('account.disabled');
  });

  test('who may not manage accounts gets none', async () => {
    const { id } = await program();
    for (const role of ['viewer', 'officer', 'integrator'] as const) {
      const answer = await site.ask('POST', `/api/v1/accounts/${id}/tokens`, role, request(['alerts.read']));
      expect(codeOf(answer)).toBe('api.forbidden');
    }
  });
});

describe('a program', () => {
  let id: string;
  let secret: string;
  let zoned: string;
  beforeAll(async () => {
    id = (await program([{ site: 'test', role: 'admin' }])).id;
    const all = ['alerts.read', 'devices.read', 'lists.read', 'lists.propose', 'audit.read'] as const;
    secret = (await made(id, all)).secret;
    zoned = (await made(id, all, { sites: [{ site: 'test', zones: ['gate'] }] })).secret;
  });

  test('limited to zones by its token sees those alone', async () => {
    const zonesSeen = async (token: string) => {
      const { alerts } = alertPageSchema.parse((await by(token, 'GET', '/api/v1/alerts')).json());
      return new Set<string>(alerts.map(({ zone }) => zone));
    };
    expect(await zonesSeen(secret)).toEqual(new Set(['gate', 'stores']));
    expect(await zonesSeen(zoned)).toEqual(new Set(['gate']));
    expect((await by(zoned, 'GET', '/api/v1/alerts?site=elsewhere')).statusCode).toBe(404);
  });

  const refused: [string, Method, string, string, object?][] = [
    ['a step of an alert', 'POST', `/api/v1/alerts/${someId}/transitions`, 'api.forbidden'],
    ['an approval', 'POST', `/api/v1/lists/${someId}/approve`, 'api.forbidden'],
    ['an erasure', 'POST', `/api/v1/lists/${someId}/erase`, 'api.forbidden'],
    ['a photo', 'POST', `/api/v1/lists/${someId}/photos/0/view`, 'api.no_tokens'],
    ['the accounts', 'GET', '/api/v1/accounts', 'api.forbidden'],
    ['a new account', 'POST', '/api/v1/accounts', 'api.forbidden'],
    ['another token', 'POST', `/api/v1/accounts/${someId}/tokens`, 'api.forbidden'],
    ['the own account', 'GET', '/api/v1/account', 'api.no_tokens'],
    ['a password', 'POST', '/api/v1/account/password', 'api.no_tokens'],
    ['a second factor', 'POST', '/api/v1/account/totp', 'api.no_tokens'],
    ['a log-out', 'DELETE', '/api/v1/session', 'api.no_tokens'],
    ['a token for the broker', 'POST', '/api/v1/mqtt-token', 'api.no_tokens'],
    ['Node-RED', 'GET', '/flows/', 'api.forbidden'],
    ['a hand-over to Node-RED', 'GET', '/flows/enter?state=0123456789abcdef', 'api.forbidden'],
  ];
  test.each(refused)(
    'is refused %s, and the audit log says so',
    async (_what, method, url, code, body = {}) => {
      const entries = async () =>
        (await audited('access_refused')).length + (await audited('photo_viewed')).length;
      const approvals = async () =>
        (await audited('list_entry_approved')).length + (await audited('list_entry_erased')).length;
      const before = (await entries()) + (await approvals());
      const answer = await by(secret, method, url, method === 'POST' ? body : undefined);
      expect([answer.statusCode, codeOf(answer)]).toEqual([403, code]);
      expect((await entries()) + (await approvals())).toBe(before + 1);
    },
  );

  test('is no second person beside who made it or a token of it', async () => {
    const answer = await admin('GET', '/api/v1/session');
    expect(await tiedTo(site.store.db, answer.json().account)).toContain(id);
    expect(await tiedTo(site.store.db, id)).toContain(answer.json().account);
    expect(await tiedTo(site.store.db, someId)).toEqual(new Set());
  });

  test('has no password, no link, and no way to log in', async () => {
    expect(codeOf(await admin('POST', `/api/v1/accounts/${id}/reset`, {}))).toBe('account.service');
    const enabled = await admin('POST', `/api/v1/accounts/${id}/enable`, {});
    expect(accountWithLinkSchema.parse(enabled.json()).link).toBeNull();
    const { name } = enabled.json().account;
    for (const password of ['', testPassword, secret]) {
      const answer = await site.ask('POST', '/api/v1/session', undefined, { user: name, password });
      expect([400, 401]).toContain(answer.statusCode);
    }
  });
});

describe('a token counts as', () => {
  let secret: string;
  beforeAll(async () => {
    secret = (await made((await program()).id, ['alerts.read'])).secret;
  });

  test('what stands in the header alone: no address, no cookie, no other scheme', async () => {
    const url = '/api/v1/alerts';
    for (const name of ['token', 'access_token', 'bearer'])
      expect((await site.ask('GET', `${url}?${name}=${secret}`)).statusCode).not.toBe(200);
    const cookie = site.cookie('viewer').replace(/=.*/, `=${secret}`);
    expect((await site.ask('GET', url, undefined, undefined, { cookie })).statusCode).toBe(401);
    for (const authorization of [`Basic ${secret}`, secret, `Bearer x${secret}`, 'Bearer'])
      expect((await site.ask('GET', url, undefined, undefined, { authorization })).statusCode).toBe(401);
  });

  test('the only one: a session beside a wrong token lets nobody in, nor does it add rights to a good one', async () => {
    const wrong = { ...bearer(`wpt_${'A'.repeat(43)}`), cookie: site.cookie('admin') };
    expect((await site.ask('GET', '/api/v1/alerts', undefined, undefined, wrong)).statusCode).toBe(401);
    const both = { cookie: site.cookie('admin') };
    expect((await by(secret, 'GET', '/api/v1/accounts', undefined, both)).statusCode).toBe(403);
  });

  test('nothing that another web site could send along', async () => {
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const answer = await by(secret, 'GET', '/api/v1/alerts', undefined, foreign);
    expect([answer.statusCode, codeOf(answer)]).toEqual([403, 'api.cross_site']);
  });

  test('no password of a proxy: what else stands there leaves the session alone', async () => {
    const headers = { cookie: site.cookie('viewer'), authorization: 'Basic dXNlcjpwYXNz' };
    expect((await site.ask('GET', '/api/v1/alerts', undefined, undefined, headers)).statusCode).toBe(200);
  });

  test('a guess that is slowed from where many failed', async () => {
    const { burst } = apiTokenPolicy.refused;
    const address = '198.51.100.7';
    for (let guess = 0; guess < burst; guess++)
      await expect(site.bearers.enter(`wpt_${'B'.repeat(43)}`, address)).rejects.toMatchObject({
        code: 'account.token_unusable',
      });
    await expect(site.bearers.enter(secret, address)).rejects.toMatchObject({
      code: 'api.too_many_requests',
    });
    await expect(site.bearers.enter(secret, '198.51.100.8')).resolves.toBeDefined();
  });
});
