import { randomUUID } from 'node:crypto';
import { auditPageSchema, type Role, roles } from '@watchpost/contracts/api';
import type { ZoneId } from '@watchpost/contracts/wire';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sessionPolicy } from '../accounts/policy.ts';
import { findAccount, saveAccount } from '../store/account-store.ts';
import { codeOf, cookieOf, testAccounts, testPassword } from '../testing/http-client.ts';
import { HttpSite, type Method } from '../testing/http-site.ts';
import { buildServers } from './server.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
});
afterAll(() => site.close());

const someId = '11111111-1111-4111-8111-111111111111';
const otherId = '22222222-2222-4222-8222-222222222222';

describe('who may do what', () => {
  const everybody = [...roles];
  const listing: Role[] = ['supervisor', 'admin'];
  const deciding: Role[] = ['officer', 'supervisor', 'admin'];
  const onDuty: Role[] = ['officer', 'supervisor', 'auditor', 'admin'];
  const routes: [Method, string, Role[], number][] = [
    ['GET', '/api/v1/session', everybody, 200],
    ['GET', '/api/v1/alerts', everybody, 200],
    ['GET', '/api/v1/alerts/seen', everybody, 200],
    ['POST', '/api/v1/alerts/seen', everybody, 400],
    ['POST', '/api/v1/alerts/seen/undo', everybody, 400],
    ['GET', `/api/v1/alerts/${someId}`, everybody, 404],
    ['POST', `/api/v1/alerts/${someId}/transitions`, ['officer', 'supervisor', 'admin'], 404],
    ['POST', '/api/v1/alerts/batch', deciding, 400],
    ['GET', '/api/v1/incidents', everybody, 200],
    ['GET', `/api/v1/incidents/${someId}`, everybody, 404],
    ...['steps', 'comments', 'merge', 'split'].map((what): [Method, string, Role[], number] => [
      'POST',
      `/api/v1/incidents/${someId}/${what}`,
      deciding,
      400,
    ]),
    ['GET', `/api/v1/alerts/${someId}/candidate`, everybody, 404],
    ['POST', `/api/v1/alerts/${someId}/candidate`, ['officer', 'supervisor', 'admin'], 400],
    ['POST', `/api/v1/alerts/${someId}/candidate/photos/0/view`, ['officer', 'supervisor', 'admin'], 400],
    ['GET', '/api/v1/threshold-report', ['supervisor', 'auditor', 'admin'], 200],
    ['GET', '/api/v1/sites', everybody, 200],
    ['GET', '/api/v1/site', everybody, 200],
    ['GET', '/api/v1/gateways', everybody, 200],
    ['GET', '/api/v1/heat', everybody, 200],
    ['POST', '/api/v1/mqtt-token', everybody, 404],
    ['GET', '/api/v1/warnings', ['admin'], 200],
    // What is sent here is no warning.
    ['POST', '/api/v1/warnings', ['integrator', 'admin'], 415],
    ['POST', '/api/v1/warnings/senders', ['admin'], 400],
    ['GET', '/api/v1/audit', ['auditor', 'admin'], 200],
    ['GET', '/api/v1/audit/export', ['auditor', 'admin'], 200],
    ['GET', '/api/v1/lists', ['supervisor', 'auditor', 'admin'], 200],
    ['GET', '/api/v1/lists/export', ['supervisor', 'auditor', 'admin'], 200],
    ['GET', `/api/v1/lists/${someId}`, ['supervisor', 'auditor', 'admin'], 404],
    ...['', '/propose', '/approve', '/refuse', '/withdraw', '/review', '/erase'].map(
      (step): [Method, string, Role[], number] => ['POST', `/api/v1/lists/${someId}${step}`, listing, 400],
    ),
    ['POST', `/api/v1/lists/${someId}/photos/0/view`, ['supervisor', 'auditor', 'admin'], 400],
    // What is sent here is no photo.
    ['POST', `/api/v1/lists/${someId}/photos`, listing, 415],
    ['GET', '/api/v1/passes', ['officer', 'supervisor', 'admin'], 200],
    ['GET', '/api/v1/passes/gates', ['officer', 'supervisor', 'admin'], 200],
    ['GET', `/api/v1/passes/${someId}`, ['officer', 'supervisor', 'admin'], 404],
    ['POST', '/api/v1/passes', ['officer', 'supervisor', 'admin'], 400],
    ['POST', `/api/v1/passes/${someId}/revoke`, ['officer', 'supervisor', 'admin'], 400],
    ['POST', '/api/v1/passes/confirm', ['officer', 'supervisor', 'admin'], 400],
    ['POST', `/api/v1/passes/${someId}/link`, ['officer', 'supervisor', 'admin'], 404],
    ['POST', `/api/v1/passes/${someId}/show`, ['officer', 'supervisor', 'admin'], 404],
    ['GET', '/api/v1/plates', ['officer', 'supervisor', 'integrator', 'admin'], 200],
    ['POST', '/api/v1/plates', ['supervisor', 'integrator', 'admin'], 400],
    ['GET', `/api/v1/plates/${someId}`, ['officer', 'supervisor', 'integrator', 'admin'], 404],
    ['POST', `/api/v1/plates/${someId}/retire`, ['supervisor', 'integrator', 'admin'], 400],
    ['GET', '/api/v1/receivers', ['supervisor', 'admin'], 200],
    ['POST', '/api/v1/receivers', ['supervisor', 'admin'], 400],
    ['POST', `/api/v1/receivers/${someId}/test`, ['supervisor', 'admin'], 404],
    ['POST', `/api/v1/receivers/${someId}/code`, ['supervisor', 'admin'], 404],
    ['POST', `/api/v1/receivers/${someId}/verify`, ['supervisor', 'admin'], 400],
    ['DELETE', `/api/v1/receivers/${someId}`, ['supervisor', 'admin'], 404],
    ['GET', '/api/v1/notices', ['supervisor', 'admin'], 200],
    ['GET', '/api/v1/escalation/policies', ['supervisor', 'admin'], 200],
    ['POST', '/api/v1/escalation/policies', ['supervisor', 'admin'], 400],
    ['DELETE', `/api/v1/escalation/policies/${someId}`, ['supervisor', 'admin'], 404],
    ['GET', '/api/v1/escalation/runs', ['supervisor', 'admin'], 200],
    ['GET', '/api/v1/rejects', ['integrator', 'admin'], 200],
    ['GET', '/api/v1/privacy', ['supervisor', 'auditor', 'admin'], 200],
    ['POST', '/api/v1/free-text/find', listing, 400],
    ['POST', '/api/v1/free-text/strike', listing, 400],
    ...['', '/calendar', '/findings', '/people', '/rotas', '/handovers'].map(
      (what): [Method, string, Role[], number] => ['GET', `/api/v1/duty${what}`, onDuty, 200],
    ),
    ['GET', '/api/v1/duty/shifts', onDuty, 400],
    ['GET', `/api/v1/duty/rotas/${someId}`, onDuty, 404],
    ['GET', `/api/v1/duty/handovers/${someId}`, onDuty, 404],
    ...['calendar', 'exceptions', `exceptions/${someId}/cancel`, 'rotas', `rotas/${someId}`].map(
      (what): [Method, string, Role[], number] => ['POST', `/api/v1/duty/${what}`, listing, 400],
    ),
    ['POST', `/api/v1/duty/rotas/${someId}/end`, listing, 400],
    ...['handovers', `handovers/${someId}/sign`, 'swaps', `swaps/${someId}/answer`].map(
      (what): [Method, string, Role[], number] => [
        ...(['POST', `/api/v1/duty/${what}`] as const),
        ['officer', 'supervisor', 'admin'],
        400,
      ],
    ),
    ['POST', `/api/v1/duty/swaps/${someId}/withdraw`, ['officer', 'supervisor', 'admin'], 404],
    ['GET', '/api/v1/arming', everybody, 200],
    ['GET', '/api/v1/arming/house/steps', everybody, 200],
    ...['arm', 'disarm', 'bypass', 'postpone'].map((what): [Method, string, Role[], number] => [
      ...(['POST', `/api/v1/arming/house/${what}`] as const),
      ['officer', 'supervisor', 'admin'],
      400,
    ]),
    ['PUT', '/api/v1/arming/code', ['officer', 'supervisor', 'admin'], 400],
    ['GET', '/api/v1/silences', everybody, 200],
    ['GET', `/api/v1/silences/${someId}`, everybody, 404],
    ...['', '/preview', `/${someId}`, `/${someId}/end`].map((what): [Method, string, Role[], number] => [
      ...(['POST', `/api/v1/silences${what}`] as const),
      ['officer', 'supervisor', 'admin'],
      400,
    ]),
    ['POST', `/api/v1/silences/${someId}/sign`, ['supervisor', 'admin'], 400],
    ...['snooze', 'unsnooze'].map((what): [Method, string, Role[], number] => [
      ...(['POST', `/api/v1/alerts/${someId}/${what}`] as const),
      ['officer', 'supervisor', 'admin'],
      400,
    ]),
    ['GET', '/api/v1/rules', ['integrator', 'admin'], 200],
    ['POST', '/api/v1/rules', ['integrator', 'admin'], 400],
    ...['departments', 'tasks', 'offers'].map((what): [Method, string, Role[], number] => [
      ...(['GET', `/api/v1/response/${what}`, onDuty, 200] as const),
    ]),
    ['GET', `/api/v1/response/departments/${someId}/view`, onDuty, 404],
    ['GET', `/api/v1/response/subjects/${someId}`, onDuty, 404],
    ['GET', `/api/v1/response/subjects/${someId}/timeline`, onDuty, 404],
    ['GET', `/api/v1/response/subjects/${someId}/timeline/export`, ['supervisor', 'auditor', 'admin'], 404],
    ['GET', '/api/v1/response/people', listing, 200],
    ['GET', '/api/v1/load', ['supervisor', 'auditor', 'admin'], 200],
    ...[
      `departments/${someId}`,
      `departments/${someId}/end`,
      `departments/${someId}/units`,
      'departments',
    ].map((what): [Method, string, Role[], number] => ['POST', `/api/v1/response/${what}`, listing, 400]),
    ...[`units/${someId}`, `units/${someId}/end`].map((what): [Method, string, Role[], number] => [
      ...(['POST', `/api/v1/response/${what}`, listing, 400] as const),
    ]),
    ...['offers', `offers/${someId}/end`, `offers/${someId}/tasks`, `tasks/${someId}/steps`].map(
      (what): [Method, string, Role[], number] => ['POST', `/api/v1/response/${what}`, deciding, 400],
    ),
    ['POST', `/api/v1/response/offers/${someId}/acknowledge`, deciding, 404],
    ['GET', '/api/v1/response/nearest', deciding, 400],
    ['GET', '/api/v1/response/map', deciding, 200],
    ['GET', '/api/v1/response/position', deciding, 200],
    ['PUT', '/api/v1/response/position', deciding, 400],
    ['DELETE', '/api/v1/response/position', deciding, 200],
    ['POST', '/api/v1/response/position/consent', deciding, 400],
    ['POST', '/api/v1/rules/replay', ['integrator', 'admin'], 400],
    // What they change decides which right it needs.
    ['GET', '/api/v1/site-file', ['integrator', 'auditor', 'admin'], 200],
    ['POST', '/api/v1/site-file/plan', ['integrator', 'auditor', 'admin'], 400],
    ['POST', '/api/v1/site-file/apply', ['integrator', 'auditor', 'admin'], 400],
    ['PUT', '/api/v1/secrets/camera-1', ['integrator', 'admin'], 400],
    ['POST', '/api/v1/cameras/try', ['integrator', 'admin'], 400],
    ['POST', `/api/v1/cameras/${someId}/still`, ['integrator', 'admin'], 400],
    ['GET', '/api/v1/setup', ['integrator', 'auditor', 'admin'], 200],
    ['PUT', '/api/v1/setup', ['integrator', 'admin'], 400],
    ['GET', '/metrics', ['integrator', 'admin'], 200],
    ['GET', '/api/v1/accounts', ['admin'], 200],
    ['POST', '/api/v1/accounts', ['admin'], 400],
    ['GET', `/api/v1/accounts/${someId}`, ['admin'], 404],
    ['POST', `/api/v1/accounts/${someId}`, ['admin'], 400],
    ['DELETE', `/api/v1/accounts/${someId}`, ['admin'], 404],
    ...['disable', 'enable', 'reset', 'end-sessions'].map((step): [Method, string, Role[], number] => [
      ...(['POST', `/api/v1/accounts/${someId}/${step}`] as const),
      ['admin'],
      400,
    ]),
    ['GET', `/api/v1/accounts/${someId}/tokens`, ['admin'], 404],
    ['POST', `/api/v1/accounts/${someId}/tokens`, ['admin'], 400],
    ['DELETE', `/api/v1/accounts/${someId}/tokens/${otherId}`, ['admin'], 404],
    ['GET', '/api/v1/api-tokens/due', ['admin'], 200],
    ['GET', '/api/v1/account', everybody, 200],
    ['POST', '/api/v1/account', everybody, 400],
    ['POST', '/api/v1/account/password', everybody, 400],
    ['GET', '/api/v1/account/sessions', everybody, 200],
    ['DELETE', `/api/v1/account/sessions/${someId}`, everybody, 404],
    ['POST', '/api/v1/account/sessions/end-others', everybody, 400],
    ['POST', '/api/v1/account/totp', everybody, 400],
    ['POST', '/api/v1/account/totp/confirm', everybody, 400],
    ['POST', '/api/v1/account/passkeys/begin', everybody, 400],
    ['POST', '/api/v1/account/passkeys', everybody, 400],
    ['POST', '/api/v1/account/recovery-codes', everybody, 400],
    ['POST', `/api/v1/account/factors/${someId}/remove`, everybody, 400],
    ['GET', '/flows/', ['integrator', 'admin'], 302],
    ['GET', '/flows/enter?state=0123456789abcdef', ['integrator', 'admin'], 302],
  ];

  test.each(routes)('%s %s', async (method, url, allowed, status) => {
    const hasBody = method === 'POST' || method === 'PUT';
    const payload = hasBody ? { id: randomUUID(), version: 1, to: 'acknowledged' } : undefined;
    const anonymous = await site.ask(method, url, undefined, payload);
    expect([anonymous.statusCode, codeOf(anonymous)]).toEqual([401, 'api.unauthenticated']);
    for (const { role } of testAccounts) {
      const answer = await site.ask(method, url, role, payload);
      expect([role, answer.statusCode]).toEqual([role, allowed.includes(role) ? status : 403]);
      if (!allowed.includes(role)) expect(codeOf(answer)).toBe('api.forbidden');
    }
  });

  test('the table above names every route that needs a log-in', () => {
    const described = Object.keys((site.app.swagger() as { paths: object }).paths).sort();
    const known = new Set(
      routes.map(([, url]) =>
        url
          .replace(someId, '{id}')
          .replace(otherId, '{token}')
          .replace('/0/', '/{index}/')
          .replace('camera-1', '{name}')
          .replace('/house/', '/{area}/'),
      ),
    );
    const byLink = [
      'account-link',
      'account-link/password',
      'acknowledge-link',
      'acknowledge-link/look',
      'pass-link',
    ].map((path) => `/api/v1/${path}`);
    const ways = ['second', 'methods', 'passkey', 'passkey/begin'].map((way) => `/api/v1/session/${way}`);
    const open = ['/healthz', '/api/v1/stream', ...ways, ...byLink];
    expect(described.filter((path) => !known.has(path) && !open.includes(path))).toEqual([]);
  });

  test('a route that declares no access is refused at registration', async () => {
    const other = await buildServers(site.options());
    expect(() => other.console.get('/api/v1/forgotten', async () => 'all of it')).toThrow(
      'declares no access',
    );
    await other.console.close();
    await other.flows?.close();
  });

  test('a forged, empty or foreign cookie is no session', async () => {
    for (const value of ['', 'x', 'a'.repeat(43), "' or 1=1 --"]) {
      const answer = await site.ask('GET', '/api/v1/alerts', undefined, undefined, {
        cookie: `wp_session=${value}`,
      });
      expect(answer.statusCode).toBe(401);
    }
  });

  test('the scrape token opens the metrics and nothing else', async () => {
    const headers = { authorization: 'Bearer scrape-me' };
    expect((await site.ask('GET', '/metrics', undefined, undefined, headers)).body).toContain('watchpost_');
    expect(
      (await site.ask('GET', '/metrics', undefined, undefined, { authorization: 'Bearer no' })).statusCode,
    ).toBe(401);
    expect((await site.ask('GET', '/api/v1/alerts', undefined, undefined, headers)).statusCode).toBe(401);
  });
});

test('a route that does not narrow to zones has no answer for who is limited to some', async () => {
  const password = (await findAccount(site.store.db, 'officer'))?.password ?? '';
  const zones = { test: ['gate' as ZoneId] };
  await saveAccount(site.store.db, { name: 'guard', roles: { test: 'admin' }, zones, password });
  const log = { user: 'guard', password: testPassword };
  const [entered] = (await site.ask('POST', '/api/v1/session', undefined, log)).cookies;
  const cookie = `${entered?.name}=${entered?.value}`;
  for (const url of ['rejects', 'audit', 'audit/export']) {
    const answer = await site.ask('GET', `/api/v1/${url}`, undefined, undefined, { cookie });
    expect([url, answer.statusCode, codeOf(answer)]).toEqual([url, 403, 'api.forbidden']);
  }
  // Lists narrow themselves.
  expect((await site.ask('GET', '/api/v1/lists', undefined, undefined, { cookie })).statusCode).toBe(200);
});

describe('sessions', () => {
  test('the cookie is closed to scripts and other sites, and its token is not in the database', async () => {
    const answer = await site.ask('POST', '/api/v1/session', undefined, {
      user: 'viewer',
      password: testPassword,
    });
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^wp_session=.*; Path=\/; HttpOnly; SameSite=Strict/),
      expect.stringMatching(/^wp_known_.*; Path=\/api\/v1\/session; HttpOnly; SameSite=Strict/),
    ]);
    const token = answer.cookies[0]?.value ?? '';
    const rows = await site.store.db.selectFrom('session').select('token_hash').execute();
    expect(rows.map(({ token_hash }) => token_hash)).not.toContain(token);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  });

  test('log-out ends the session at once', async () => {
    const cookie = await cookieOf(site.app, 'viewer');
    expect((await site.ask('DELETE', '/api/v1/session', undefined, undefined, { cookie })).statusCode).toBe(
      204,
    );
    expect((await site.ask('GET', '/api/v1/session', undefined, undefined, { cookie })).statusCode).toBe(401);
  });

  test('log-out is in the audit log, once', async () => {
    const cookie = await cookieOf(site.app, 'auditor');
    const leave = () => site.ask('DELETE', '/api/v1/session', undefined, undefined, { cookie });
    expect([(await leave()).statusCode, (await leave()).statusCode]).toEqual([204, 401]);
    const answer = await site.ask('GET', '/api/v1/audit?action=log_out&actor=auditor', 'auditor');
    const { entries } = auditPageSchema.parse(answer.json());
    const { id } = (await findAccount(site.store.db, 'auditor')) ?? {};
    expect(entries).toMatchObject([
      { actor: { account: id, name: 'auditor' }, subject: { kind: 'account', id }, outcome: 'done' },
    ]);
  });

  test('a session ends after twelve hours', async () => {
    const cookie = await cookieOf(site.app, 'viewer');
    site.clock.nowMs += sessionPolicy.absoluteMs - 1;
    expect((await site.ask('GET', '/api/v1/session', undefined, undefined, { cookie })).statusCode).toBe(200);
    site.clock.nowMs += 1;
    expect((await site.ask('GET', '/api/v1/session', undefined, undefined, { cookie })).statusCode).toBe(401);
    site.clock.nowMs -= sessionPolicy.absoluteMs;
  });

  test('wrong name and wrong password read the same; many failures are slowed, another user is not', async () => {
    const attempt = (user: string, password: string) =>
      site.ask('POST', '/api/v1/session', undefined, { user, password });
    expect(codeOf(await attempt('nobody', 'x'))).toBe('api.bad_credentials');
    for (let failures = 0; failures < 5; failures++) {
      expect(codeOf(await attempt('officer', 'wrong'))).toBe('api.bad_credentials');
    }
    const slowed = await attempt('officer', testPassword);
    expect([slowed.statusCode, codeOf(slowed)]).toEqual([429, 'api.login_slowed']);
    expect(Number(slowed.headers['retry-after'])).toBeGreaterThan(0);
    expect((await attempt('admin', testPassword)).statusCode).toBe(200);
    site.clock.monotonicMs += 60_000;
    expect((await attempt('officer', testPassword)).statusCode).toBe(200);
  });
});

describe('other web sites', () => {
  const login = { user: 'viewer', password: testPassword };
  test.each([
    ['fetch metadata', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling site', { 'sec-fetch-site': 'same-site' }],
    ['an origin', { origin: 'https://evil.example' }],
    ['a sandboxed frame', { origin: 'null' }],
  ])('cannot change anything: %s', async (_name, headers) => {
    expect(codeOf(await site.ask('POST', '/api/v1/session', undefined, login, headers))).toBe(
      'api.cross_site',
    );
  });

  test.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data'])(
    'cannot send a form: %s',
    async (type) => {
      const answer = await site.ask('POST', '/api/v1/session', undefined, login, { 'content-type': type });
      expect([answer.statusCode, codeOf(answer)]).toEqual([415, 'api.content_type']);
    },
  );

  test('cannot load data either, not even a page on another port of this host', async () => {
    const headers = { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' };
    for (const url of ['/api/v1/alerts', '/api/v1/stream', '/metrics'])
      expect(codeOf(await site.ask('GET', url, 'admin', undefined, headers))).toBe('api.cross_site');
  });

  test('our own pages can', async () => {
    const headers = { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:80', host: 'localhost:80' };
    expect((await site.ask('POST', '/api/v1/session', undefined, login, headers)).statusCode).toBe(200);
  });
});
