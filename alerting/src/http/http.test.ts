import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib';
import {
  type Alert,
  alertDetailSchema,
  alertPageSchema,
  gatewayListSchema,
  healthSchema,
  heatMapSchema,
  problemSchema,
  type Role,
  rejectListSchema,
  siteResponseSchema,
} from '@watchpost/contracts';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultRuleSet } from '../domain/rule-set.ts';
import { siteDirectory } from '../domain/site-directory.ts';
import { commitWork } from '../ingest/commit-work.ts';
import { type Message, readEvents } from '../ingest/read-events.ts';
import { GatewayBoard } from '../live/gateway-board.ts';
import { LiveFeed } from '../live/live-feed.ts';
import { createMetrics } from '../metrics.ts';
import { defaultPolicy, heatPolicy } from '../policy.ts';
import { countAlerts } from '../store/alert-queue.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { addIncidents } from '../store/place-risk-store.ts';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { cookieOf, testAccounts, testPassword } from '../testing/http-client.ts';
import { candidate, doorAlarm, forgedPass, smokeAlarm, wireEvent } from '../testing/test-events.ts';
import { testSite } from '../testing/test-site.ts';
import type { Api } from './api.ts';
import { LogIn } from './login/log-in.ts';
import { sessionPolicy } from './policy.ts';
import { buildServers } from './server.ts';
import { Sessions } from './sessions.ts';

const directory = siteDirectory(testSite);
const ownFolder = mkdtempSync(join(tmpdir(), 'console-'));
const folder = join(ownFolder, 'dist');
let clockMs = Date.now();
const nowMs = () => clockMs;
const feed = new LiveFeed();
let store: Store;
let app: Api;
let base: string;
let door: Api;
let livedMs = 0;
const cookies = new Map<Role, string>();

const logger = pino({ level: 'silent' });

const options = () => {
  const metrics = createMetrics();
  const sessions = new Sessions(store.db, nowMs);
  const { logins } = metrics;
  return {
    directory,
    db: store.db,
    sessions,
    logIn: new LogIn({
      ...{ db: store.db, sessions, logins, logger, nowMs, deviceKey: Buffer.alloc(32) },
      monotonicMs: () => livedMs,
    }),
    gateways: new GatewayBoard(testSite),
    feed,
    metrics,
    probes: { store: () => ({ status: 'ok' as const }) },
    counts: () => countAlerts(store.db, testSite.id),
    alertChanged: (alert: Alert) => feed.publish({ name: 'alert', payload: alert }),
    nowMs,
    newId: randomUUID,
    logger,
    consoleFolder: folder,
    flows: { upstream: { url: 'http://127.0.0.1:9', secret: 'unused' } },
    scrapeToken: 'scrape-me',
    heartbeatMs: 50,
  };
};

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>console</title>');
  writeFileSync(join(folder, 'assets', 'app.js'), 'export {};');
  const big = Buffer.from('console.log("watchpost");'.repeat(500));
  writeFileSync(join(folder, 'assets', 'big.js'), big);
  writeFileSync(join(folder, 'assets', 'big.js.br'), brotliCompressSync(big));
  writeFileSync(join(folder, 'assets', 'big.js.gz'), gzipSync(big));
  writeFileSync(join(ownFolder, 'outside.txt'), 'outside');
  writeFileSync(join(folder, '.built-from'), 'digest');
  writeFileSync(join(folder, 'assets', 'app.js.map'), '{}');
  store = await openStore(await embeddedStore());
  const all = options();
  await all.sessions.ensureAccounts(testAccounts);
  const servers = await buildServers(all);
  app = servers.console;
  door = servers.flows!;
  await door.listen({ host: '127.0.0.1', port: 0 });
  base = await app.listen({ host: '127.0.0.1', port: 0 });
  for (const { role } of testAccounts) cookies.set(role, await cookieOf(app, role));
  await fill();
});
afterAll(async () => {
  await app.close();
  await door.close();
  await store.close();
  rmSync(ownFolder, { recursive: true, force: true });
});

const epoch = 'c'.repeat(32);

/** Some alerts and a reject, by the way that messages take. */
async function fill(): Promise<void> {
  const events = [
    wireEvent(smokeAlarm({ epoch, seq: 1 })),
    wireEvent(doorAlarm({ epoch, seq: 2 })),
    wireEvent(forgedPass({ epoch, seq: 3 })),
    wireEvent(candidate('watch', { epoch, seq: 4 })),
    { ...wireEvent(doorAlarm({ epoch, seq: 5 })), type: 'watchpost.none.v1' },
  ];
  const parsed = { name: 'up', site: 'test', gateway: 'edge1' } as const;
  const payload = Buffer.from(JSON.stringify(events));
  const message: Message = { topic: 'wp/1/test/edge1/up', parsed, payload, receivedMs: clockMs };
  const work = readEvents(message, directory, randomUUID);
  await commitWork(store.db, work, {
    directory,
    rules: defaultRuleSet,
    policy: defaultPolicy,
    newId: randomUUID,
    nowMs: clockMs,
  });
}

type Method = 'GET' | 'POST' | 'DELETE';

function ask(
  method: Method,
  url: string,
  role?: Role,
  payload?: object,
  headers: Record<string, string> = {},
) {
  const cookie = role && cookies.get(role);
  return app.inject({
    method,
    url,
    headers: {
      ...(cookie ? { cookie } : {}),
      ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(payload ? { payload } : {}),
  });
}

const codeOf = (answer: { body: string }) => problemSchema.parse(JSON.parse(answer.body)).code;
const someId = '11111111-1111-4111-8111-111111111111';

describe('who may do what', () => {
  const routes: [Method, string, Role[], number][] = [
    ['GET', '/api/v1/session', ['viewer', 'officer', 'integrator', 'admin'], 200],
    ['GET', '/api/v1/alerts', ['viewer', 'officer', 'integrator', 'admin'], 200],
    ['GET', `/api/v1/alerts/${someId}`, ['viewer', 'officer', 'integrator', 'admin'], 404],
    ['POST', `/api/v1/alerts/${someId}/transitions`, ['officer', 'admin'], 404],
    ['GET', '/api/v1/site', ['viewer', 'officer', 'integrator', 'admin'], 200],
    ['GET', '/api/v1/gateways', ['viewer', 'officer', 'integrator', 'admin'], 200],
    ['GET', '/api/v1/heat', ['viewer', 'officer', 'integrator', 'admin'], 200],
    ['POST', '/api/v1/mqtt-token', ['viewer', 'officer', 'integrator', 'admin'], 404],
    ['GET', '/api/v1/rejects', ['integrator', 'admin'], 200],
    ['GET', '/metrics', ['integrator', 'admin'], 200],
    ['GET', '/flows/', ['integrator', 'admin'], 302],
    ['GET', '/flows/enter?state=0123456789abcdef', ['integrator', 'admin'], 302],
  ];

  test.each(routes)('%s %s', async (method, url, allowed, status) => {
    const payload = method === 'POST' ? { id: randomUUID(), version: 1, to: 'acknowledged' } : undefined;
    const anonymous = await ask(method, url, undefined, payload);
    expect([anonymous.statusCode, codeOf(anonymous)]).toEqual([401, 'api.unauthenticated']);
    for (const { role } of testAccounts) {
      const answer = await ask(method, url, role, payload);
      expect([role, answer.statusCode]).toEqual([role, allowed.includes(role) ? status : 403]);
      if (!allowed.includes(role)) expect(codeOf(answer)).toBe('api.forbidden');
    }
  });

  test('the table above names every route that needs a log-in', () => {
    const described = Object.keys((app.swagger() as { paths: object }).paths).sort();
    const known = new Set(routes.map(([, url]) => url.replace(someId, '{id}')));
    const open = ['/healthz', '/api/v1/stream'];
    expect(described.filter((path) => !known.has(path) && !open.includes(path))).toEqual([]);
  });

  test('a route that declares no access is refused at registration', async () => {
    const other = await buildServers(options());
    expect(() => other.console.get('/api/v1/forgotten', async () => 'all of it')).toThrow(
      'declares no access',
    );
    await other.console.close();
    await other.flows?.close();
  });

  test('a forged, empty or foreign cookie is no session', async () => {
    for (const value of ['', 'x', 'a'.repeat(43), "' or 1=1 --"]) {
      const answer = await ask('GET', '/api/v1/alerts', undefined, undefined, {
        cookie: `wp_session=${value}`,
      });
      expect(answer.statusCode).toBe(401);
    }
  });

  test('the scrape token opens the metrics and nothing else', async () => {
    const headers = { authorization: 'Bearer scrape-me' };
    expect((await ask('GET', '/metrics', undefined, undefined, headers)).body).toContain('watchpost_');
    expect(
      (await ask('GET', '/metrics', undefined, undefined, { authorization: 'Bearer no' })).statusCode,
    ).toBe(401);
    expect((await ask('GET', '/api/v1/alerts', undefined, undefined, headers)).statusCode).toBe(401);
  });
});

describe('sessions', () => {
  test('the cookie is closed to scripts and other sites, and its token is not in the database', async () => {
    const answer = await ask('POST', '/api/v1/session', undefined, {
      user: 'viewer',
      password: testPassword,
    });
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^wp_session=.*; Path=\/; HttpOnly; SameSite=Strict/),
      expect.stringMatching(/^wp_known_.*; Path=\/api\/v1\/session; HttpOnly; SameSite=Strict/),
    ]);
    const token = answer.cookies[0]?.value ?? '';
    const rows = await store.db.selectFrom('session').select('token_hash').execute();
    expect(rows.map(({ token_hash }) => token_hash)).not.toContain(token);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  });

  test('log-out ends the session at once', async () => {
    const cookie = await cookieOf(app, 'viewer');
    expect((await ask('DELETE', '/api/v1/session', undefined, undefined, { cookie })).statusCode).toBe(204);
    expect((await ask('GET', '/api/v1/session', undefined, undefined, { cookie })).statusCode).toBe(401);
  });

  test('a session ends after twelve hours', async () => {
    const cookie = await cookieOf(app, 'viewer');
    clockMs += sessionPolicy.absoluteMs - 1;
    expect((await ask('GET', '/api/v1/session', undefined, undefined, { cookie })).statusCode).toBe(200);
    clockMs += 1;
    expect((await ask('GET', '/api/v1/session', undefined, undefined, { cookie })).statusCode).toBe(401);
    clockMs -= sessionPolicy.absoluteMs;
  });

  test('wrong name and wrong password read the same; many failures are slowed, another user is not', async () => {
    const attempt = (user: string, password: string) =>
      ask('POST', '/api/v1/session', undefined, { user, password });
    expect(codeOf(await attempt('nobody', 'x'))).toBe('api.bad_credentials');
    for (let failures = 0; failures < 5; failures++) {
      expect(codeOf(await attempt('officer', 'wrong'))).toBe('api.bad_credentials');
    }
    const slowed = await attempt('officer', testPassword);
    expect([slowed.statusCode, codeOf(slowed)]).toEqual([429, 'api.login_slowed']);
    expect(Number(slowed.headers['retry-after'])).toBeGreaterThan(0);
    expect((await attempt('admin', testPassword)).statusCode).toBe(200);
    livedMs += 60_000;
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
    expect(codeOf(await ask('POST', '/api/v1/session', undefined, login, headers))).toBe('api.cross_site');
  });

  test.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data'])(
    'cannot send a form: %s',
    async (type) => {
      const answer = await ask('POST', '/api/v1/session', undefined, login, { 'content-type': type });
      expect([answer.statusCode, codeOf(answer)]).toEqual([415, 'api.content_type']);
    },
  );

  test('cannot load data either, not even a page on another port of this host', async () => {
    const headers = { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' };
    for (const url of ['/api/v1/alerts', '/api/v1/stream', '/metrics'])
      expect(codeOf(await ask('GET', url, 'admin', undefined, headers))).toBe('api.cross_site');
  });

  test('our own pages can', async () => {
    const headers = { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:80', host: 'localhost:80' };
    expect((await ask('POST', '/api/v1/session', undefined, login, headers)).statusCode).toBe(200);
  });
});

describe('alerts', () => {
  async function alertOf(type: string): Promise<Alert> {
    const { alerts } = alertPageSchema.parse((await ask('GET', '/api/v1/alerts', 'viewer')).json());
    return alerts.find(({ eventType }) => eventType === type)!;
  }

  const step = (alert: Alert, body: object) =>
    ask('POST', `/api/v1/alerts/${alert.id}/transitions`, 'officer', {
      id: randomUUID(),
      version: alert.version,
      ...body,
    });

  /** The step by somebody who looked just before. */
  async function stepNow(alert: Alert, body: object) {
    const detail = (await ask('GET', `/api/v1/alerts/${alert.id}`, 'officer')).json();
    return step(alertDetailSchema.parse(detail).alert, body);
  }

  test('an officer leads one from open to closed; high ones need a disposition', async () => {
    const alert = await alertOf('watchpost.pass.rejected.v1');
    expect(alert.severity).toBe('high');
    expect(codeOf(await step(alert, { to: 'resolved' }))).toBe('alert.transition');
    expect((await step(alert, { to: 'acknowledged' })).json().alert.acknowledgedBy).toBe('officer');
    expect(codeOf(await stepNow(alert, { to: 'resolved' }))).toBe('alert.disposition_required');
    const resolved = await stepNow(alert, { to: 'resolved', disposition: 'genuine', reason: '伪造通行证' });
    expect(alertDetailSchema.parse(resolved.json()).alert).toMatchObject({
      state: 'resolved',
      resolvedBy: 'officer',
    });
    expect((await stepNow(alert, { to: 'closed' })).statusCode).toBe(200);
    expect(await alertOf('watchpost.pass.rejected.v1')).toBeUndefined();
    const detail = await ask('GET', `/api/v1/alerts/${alert.id}`, 'viewer');
    expect(alertDetailSchema.parse(detail.json()).transitions).toHaveLength(4);
    const closed = await ask('GET', '/api/v1/alerts?state=closed', 'viewer');
    expect(closed.json().alerts).toHaveLength(1);
  });

  test('a step that saw an older state is refused and told what the alert is now; one without a version too', async () => {
    const alert = await alertOf('watchpost.sensor.alarm.v1');
    expect(codeOf(await step(alert, { to: 'acknowledged', version: undefined }))).toBe('api.invalid');
    expect(codeOf(await step(alert, { to: 'acknowledged', version: 99 }))).toBe('api.invalid');
    expect((await step(alert, { to: 'acknowledged' })).statusCode).toBe(200);
    const late = await step(alert, { to: 'resolved', disposition: 'false' });
    expect([late.statusCode, codeOf(late)]).toEqual([409, 'alert.stale']);
    expect(late.json().details).toMatchObject({
      seen: 1,
      version: 2,
      changed: 'state',
      state: 'acknowledged',
    });
    expect(codeOf(await step(alert, { reason: ' ' }))).toBe('api.invalid');
    expect((await step(alert, { reason: 'on my way' })).json().transitions.at(-1)).toMatchObject({
      from: 'acknowledged',
      to: 'acknowledged',
      actor: 'officer',
      reason: 'on my way',
    });
  });

  test('a repeat of a request answers as the first time did', async () => {
    const alert = await alertOf('watchpost.face.candidate.v1');
    const body = { id: randomUUID(), to: 'acknowledged' };
    const first = await step(alert, body);
    const again = await step(alert, body);
    expect(first.statusCode).toBe(200);
    expect(again.json()).toEqual(first.json());
  });

  test('pages go on where the last one ended', async () => {
    const first = alertPageSchema.parse((await ask('GET', '/api/v1/alerts?limit=2', 'viewer')).json());
    const url = `/api/v1/alerts?limit=2&cursor=${first.next}`;
    const second = alertPageSchema.parse((await ask('GET', url, 'viewer')).json());
    expect(first.alerts).toHaveLength(2);
    expect(second.alerts).toHaveLength(1);
    expect(second.next).toBeNull();
    expect(first.alerts.map(({ id }) => id)).not.toContain(second.alerts[0]?.id);
  });

  test.each([
    ['/api/v1/alerts?state=gone', '/state/0'],
    ['/api/v1/alerts?limit=0', '/limit'],
    ['/api/v1/alerts?cursor=bm90IGEgY3Vyc29y', '/cursor'],
    ['/api/v1/alerts?sort=1', '/'],
    ['/api/v1/alerts?order=newest', '/order'],
    ['/api/v1/alerts?order=newest&state=resolved&cursor=WyJ1Il0', '/cursor'],
    ['/api/v1/alerts/not-a-uuid', '/id'],
  ])('%s is refused at its field', async (url, path) => {
    const answer = await ask('GET', url, 'viewer');
    expect([answer.statusCode, codeOf(answer), answer.json().path]).toEqual([400, 'api.invalid', path]);
  });
});

describe('the rest of the API', () => {
  test('answers fit their contracts', async () => {
    siteResponseSchema.parse((await ask('GET', '/api/v1/site', 'viewer')).json());
    gatewayListSchema.parse((await ask('GET', '/api/v1/gateways', 'viewer')).json());
    const heat = heatMapSchema.parse((await ask('GET', '/api/v1/heat', 'viewer')).json());
    expect(Math.max(...heat.cells.map(({ intensity }) => intensity))).toBe(1);
    const rejects = rejectListSchema.parse((await ask('GET', '/api/v1/rejects', 'admin')).json());
    expect(rejects.counts).toEqual({ 'wire.unknown_type': 1 });
    expect(rejects.newest[0]).toMatchObject({ path: '/type', gateway: 'edge1', device: 'door1' });
    healthSchema.parse((await ask('GET', '/healthz')).json());
  });

  test('the reference describes the paths', async () => {
    const reference = (await ask('GET', '/api/v1/openapi.json')).json();
    expect(reference.openapi).toMatch(/^3\./);
    expect(Object.keys(reference.paths)).toContain('/api/v1/alerts/{id}/transitions');
  });

  test('what does not exist, is too large or is not JSON is a problem too', async () => {
    expect(codeOf(await ask('GET', '/api/v1/none', 'admin'))).toBe('api.not_found');
    expect(codeOf(await ask('GET', '/api/v1/none', 'admin', undefined, { accept: 'text/html' }))).toBe(
      'api.not_found',
    );
    const large = await ask('POST', '/api/v1/session', undefined, {
      user: 'x'.repeat(70_000),
      password: 'x',
    });
    expect([large.statusCode, codeOf(large)]).toEqual([413, 'wire.too_large']);
    const broken = await app.inject({
      method: 'POST',
      url: '/api/v1/session',
      headers: { 'content-type': 'application/json' },
      payload: '{',
    });
    expect(codeOf(broken)).toBe('api.not_json');
  });
});

describe('the console', () => {
  test('comes with strict headers, and its own addresses lead to its page', async () => {
    const page = await ask('GET', '/alerts/1', undefined, undefined, { accept: 'text/html' });
    expect([page.statusCode, page.body]).toEqual([200, '<!doctype html><title>console</title>']);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect((await ask('GET', '/')).body).toContain('console');
    expect((await ask('GET', '/assets/app.js')).headers['cache-control']).toContain('immutable');
    expect((await ask('GET', '/assets/none.js')).statusCode).toBe(404);
    for (const hidden of ['/.built-from', '/%2ebuilt-from', '/assets/..%2f.built-from', '/assets/app.js.map'])
      expect([hidden, codeOf(await ask('GET', hidden))]).toEqual([hidden, expect.stringMatching(/^api\./)]);
  });

  test('the heat map is drawn once for all who ask, and again when there is something new', async () => {
    const heat = async (headers = {}) => {
      const answer = await ask('GET', '/api/v1/heat', 'viewer', undefined, headers);
      const { etag, 'cache-control': caching } = answer.headers;
      return { answer, etag: String(etag), caching, time: answer.body && answer.json().time };
    };
    const first = await heat();
    expect([first.answer.statusCode, first.caching]).toEqual([200, 'private, no-cache']);
    clockMs += 1_000;
    const consoles = await Promise.all(Array.from({ length: 20 }, () => heat()));
    // Each drawing carries its time: there was one.
    expect(new Set(consoles.map(({ time }) => time))).toEqual(new Set([first.time]));
    expect(new Set(consoles.map(({ etag }) => etag))).toEqual(new Set([first.etag]));
    const known = await heat({
      'if-none-match': `"other", ${first.etag.slice(2)}`,
      'accept-encoding': 'gzip',
    });
    expect([known.answer.statusCode, known.answer.body, known.etag]).toEqual([304, '', first.etag]);
    expect(known.caching).toBe('private, no-cache');
    await addIncidents(store.db, testSite.id, [{ cell: '8d3099a1a59b3bf', kind: 'panic', timeMs: clockMs }]);
    clockMs += 1_000;
    const after = await Promise.all([0, 1, 2].map(() => heat({ 'if-none-match': first.etag })));
    expect(after.map(({ answer }) => answer.statusCode)).toEqual([200, 200, 200]);
    expect(new Set(after.map(({ time }) => time))).toEqual(new Set([new Date(clockMs).toISOString()]));
    clockMs += heatPolicy.redrawnEveryMs;
    expect((await heat({ 'if-none-match': after[0]?.etag })).time).toBe(new Date(clockMs).toISOString());
    clockMs -= heatPolicy.redrawnEveryMs + 2_000;
  });

  test('travels compressed, as it was built or on the way; the stream does not', async () => {
    const encoding = async (url: string, accept: string) => {
      const answer = await ask('GET', url, 'viewer', undefined, { 'accept-encoding': accept });
      return [answer.statusCode, answer.headers['content-encoding']];
    };
    expect(await encoding('/assets/big.js', 'gzip, deflate, br')).toEqual([200, 'br']);
    expect(await encoding('/assets/big.js', 'gzip')).toEqual([200, 'gzip']);
    expect(await encoding('/assets/big.js', 'identity')).toEqual([200, undefined]);
    expect(await encoding('/api/v1/heat', 'gzip')).toEqual([200, 'gzip']);
    const plain = await ask('GET', '/api/v1/heat', 'viewer');
    const packed = await ask('GET', '/api/v1/heat', 'viewer', undefined, { 'accept-encoding': 'br' });
    expect(brotliDecompressSync(packed.rawPayload).byteLength).toBe(plain.rawPayload.byteLength);
    expect(packed.headers['content-type']).toContain('application/json');
    expect(packed.rawPayload.byteLength).toBeLessThan(plain.rawPayload.byteLength / 3);
    const giveUp = new AbortController();
    const stream = await fetch(`${base}/api/v1/stream`, {
      headers: { cookie: cookies.get('viewer') ?? '', 'accept-encoding': 'gzip' },
      signal: giveUp.signal,
    });
    expect(stream.headers.get('content-encoding')).toBeNull();
    giveUp.abort();
  });

  test('serves nothing outside its folder', async () => {
    for (const path of [
      '/../outside.txt',
      '/%2e%2e/outside.txt',
      '/..%2foutside.txt',
      '/assets/..%5c..%5coutside.txt',
    ]) {
      expect((await ask('GET', path)).body).not.toContain('outside\n');
      expect((await ask('GET', path)).body).not.toBe('outside');
    }
  });
});

describe('the event stream', () => {
  const findAny = async () =>
    alertPageSchema.parse((await ask('GET', '/api/v1/alerts', 'viewer')).json()).alerts[0]!;

  /** Reads until the text satisfies the condition. */
  async function read(response: Response, done: (text: string) => boolean): Promise<string> {
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!done(text)) {
      const { value, done: ended } = await reader.read();
      if (ended) return `${text}[ended]`;
      text += value;
    }
    await reader.cancel();
    return text;
  }

  /** Over a real connection the name of the cookie carries the port. */
  const overTheWire = (cookie: string) => cookie.replace('wp_session=', `wp_session_${new URL(base).port}=`);
  const open = (cookie: string) =>
    fetch(`${base}/api/v1/stream`, { headers: { cookie: overTheWire(cookie) } });

  test('says hello, then what changes, and keeps the connection awake', async () => {
    const response = await open(cookies.get('viewer') ?? '');
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    feed.publish({ name: 'heat', payload: {} });
    const text = await read(
      response,
      (sofar) => sofar.includes('event: heat\n') && sofar.includes('event: heartbeat'),
    );
    expect(text).toMatch(
      /^id: \w+\.\d+\nevent: hello\ndata: \{"version":"[\d.]+","time":"[^"]+","resumed":false\}\n\n/,
    );
    expect(text).toContain('event: heat\ndata: {}\n\n');
  });

  test('a reader that comes back is told what it missed, and one from before is told to load', async () => {
    const cookie = overTheWire(cookies.get('viewer') ?? '');
    const alert = await findAny();
    const first = await read(await open(cookie), (sofar) => sofar.includes('event: counts'));
    const position = /^id: (.+)$/m.exec(first)?.[1] ?? '';
    feed.publish({ name: 'alert', payload: alert });
    for (const back of [
      fetch(`${base}/api/v1/stream`, { headers: { cookie, 'last-event-id': position } }),
      fetch(`${base}/api/v1/stream?after=${position}`, { headers: { cookie } }),
    ]) {
      const text = await read(await back, (sofar) => sofar.includes('event: counts'));
      expect(text).toContain('"resumed":true');
      expect(text.match(/event: alert\n/g)).toHaveLength(1);
      expect(text).toContain(alert.id);
    }
    for (const unknown of ['0.0', `${position}0000`, 'x', `${position.split('.')[0]}.-1`]) {
      const other = await fetch(`${base}/api/v1/stream?after=${unknown}`, { headers: { cookie } });
      const text = await read(other, (sofar) => sofar.includes('event: counts'));
      expect(text).toContain('"resumed":false');
      expect(text).not.toContain('event: alert\n');
    }
  });

  test('ends when its session does', async () => {
    const cookie = await cookieOf(app, 'viewer');
    const response = await open(cookie);
    await ask('DELETE', '/api/v1/session', undefined, undefined, { cookie });
    expect(await read(response, () => false)).toContain('[ended]');
  });

  test('drops a reader that does not read, and no other', async () => {
    const slow = await open(cookies.get('viewer') ?? '');
    const before = feed.readers;
    const payload = { version: 'x'.repeat(100_000), time: new Date().toISOString(), resumed: false };
    while (feed.readers === before) {
      feed.publish({ name: 'hello', payload });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(feed.readers).toBe(before - 1);
    await slow.body?.cancel().catch(() => undefined);
  });

  test('is closed to those who are not logged in', async () => {
    expect((await fetch(`${base}/api/v1/stream`)).status).toBe(401);
  });
});
