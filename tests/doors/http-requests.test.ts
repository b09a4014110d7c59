import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DoorSite } from '../support/door-site.ts';
import { call, codeOf } from '../support/http-caller.ts';

let site: DoorSite;
let cookie: string;
const limits = { headersMs: 1_500, requestMs: 3_000, checkEveryMs: 200, connectionsPerAddress: 250 };

beforeAll(async () => {
  site = await new DoorSite({ http: { limits } }).start();
  cookie = await site.cookie();
});
afterAll(() => site.stop());

/** A connection that sends this and then nothing; resolves with what came back when the server closes it. */
function halfSent(text: string, from = '127.0.0.1'): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket: Socket = connect({ port: site.port, host: '127.0.0.1', localAddress: from }, () =>
      socket.write(text),
    );
    socket.on('data', (part) => {
      answer += part.toString();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}

const served = async () => (await site.logIn('officer', undefined, { from: '127.0.9.9' })).status;

describe('requests that never end', () => {
  it.each([
    ['no byte at all', ''],
    ['half a request line', 'GET /api/v1/al'],
    ['half the headers', 'GET /api/v1/alerts HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: '],
    [
      'half a body',
      'POST /api/v1/session HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n{"user"',
    ],
  ])('200 of them with %s are closed, counted, and keep nobody out', async (_what, text) => {
    const before = await site.count('watchpost_http_malformed_total', 'api.timeout');
    const waiting = Array.from({ length: 200 }, () => halfSent(text));
    expect(await served()).toBe(200);
    const answers = await Promise.all(waiting);
    expect(answers.filter((answer) => answer !== '' && !answer.includes('"code":"api.timeout"'))).toEqual([]);
    const after = await site.count('watchpost_http_malformed_total', 'api.timeout');
    expect(after - before).toBeGreaterThanOrEqual(200);
  });

  it('more connections than the share of an address are closed at once; others get theirs', async () => {
    const before = await site.count('watchpost_http_connections_refused_total', 'address');
    const waiting = Array.from({ length: 400 }, () => halfSent('GET / HTTP/1.1\r\nhost: ', '127.0.8.1'));
    expect(await served()).toBe(200);
    await Promise.all(waiting);
    expect(
      (await site.count('watchpost_http_connections_refused_total', 'address')) - before,
    ).toBeGreaterThanOrEqual(150);
  });
});

it('1,500 health requests at once: one question to the parts, log-in goes on', async () => {
  const storm = Promise.all(
    Array.from({ length: 1_500 }, (_each, index) =>
      call(`${site.address}/healthz`, { from: `127.0.7.${(index % 10) + 1}` }).catch(() => undefined),
    ),
  );
  expect(await served()).toBe(200);
  const answers = await storm;
  const codes = new Set(answers.map((answer) => answer?.status));
  expect([...codes].filter((status) => ![200, 429, 503, undefined].includes(status))).toEqual([]);
  expect(answers.filter((answer) => answer !== undefined).length).toBeGreaterThan(500);
});

describe('methods', () => {
  it('HEAD on the stream ends, with the headers of the stream', async () => {
    const answer = await call(`${site.address}/api/v1/stream`, { method: 'HEAD', headers: { cookie } });
    expect([answer.status, answer.headers['content-type']]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
    expect((await call(`${site.address}/api/v1/stream`, { method: 'HEAD' })).status).toBe(401);
  });

  it.each([
    ['PUT', '/api/v1/alerts', 'GET, HEAD'],
    ['DELETE', '/api/v1/alerts/00000000-0000-4000-8000-000000000000', 'GET, HEAD'],
    ['POST', '/api/v1/stream', 'GET, HEAD'],
    ['PATCH', '/api/v1/session', 'DELETE, GET, HEAD, POST'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['OPTIONS', '/api/v1/alerts', 'GET, HEAD'],
  ])('%s %s is told which methods there are', async (method, path, allow) => {
    const answer = await call(site.address + path, { method, headers: { cookie } });
    expect([answer.status, codeOf(answer), answer.headers.allow]).toEqual([
      405,
      'api.method_not_allowed',
      allow,
    ]);
  });
});

describe('what is malformed is answered in the shape of every other error', () => {
  const host = 'host: 127.0.0.1\r\n';
  it.each([
    ['a bad escape', `GET /%ff HTTP/1.1\r\n${host}connection: close\r\n\r\n`, 'api.malformed', 400],
    [
      'a lone percent sign',
      `GET /api/v1/alerts/% HTTP/1.1\r\n${host}connection: close\r\n\r\n`,
      'api.malformed',
      400,
    ],
    ['no HTTP', 'hello\r\n\r\n', 'api.malformed', 400],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'api.malformed', 400],
    [
      'large headers',
      `GET / HTTP/1.1\r\n${host}x: ${'x'.repeat(20_000)}\r\n\r\n`,
      'api.headers_too_large',
      431,
    ],
    [
      'two lengths',
      `POST /api/v1/session HTTP/1.1\r\n${host}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      'api.malformed',
      400,
    ],
    ['no host', 'GET /api/v1/session HTTP/1.1\r\nconnection: close\r\n\r\n', 'api.unknown_host', 421],
    ['HTTP/1.0 without host', 'GET /api/v1/session HTTP/1.0\r\n\r\n', 'api.unknown_host', 421],
    ['HTTP/1.0', `GET /api/v1/session HTTP/1.0\r\n${host}\r\n`, 'api.unauthenticated', 401],
  ])('%s', async (_what, text, code, status) => {
    const answer = await halfSent(text);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head.split(' ')[1]).toBe(String(status));
    expect(head.toLowerCase()).toContain('x-content-type-options: nosniff');
    expect(JSON.parse(body)).toMatchObject({
      code,
      action: expect.any(String),
      requestId: expect.any(String),
    });
  });

  it('a check of a load balancer needs no host', async () => {
    expect(await halfSent('GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 (200|503) /);
  });

  it.each([
    ['no JSON', '{"user":', 'application/json', 400, 'api.not_json'],
    ['nothing', '', 'application/json', 400, 'api.not_json'],
    ['a poisoned prototype', '{"__proto__":{"user":"x"}}', 'application/json', 400, 'api.not_json'],
    ['a form', 'user=officer&password=x', 'application/x-www-form-urlencoded', 415, 'api.content_type'],
    ['plain text', 'x', 'text/plain', 415, 'api.content_type'],
    [
      'too much',
      JSON.stringify({ user: 'x'.repeat(70_000), password: 'x' }),
      'application/json',
      413,
      'wire.too_large',
    ],
    ['another shape', '[]', 'application/json', 400, 'api.invalid'],
  ])('a body with %s', async (_what, body, type, status, code) => {
    const answer = await call(`${site.address}/api/v1/session`, {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    });
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  });
});

describe('texts that no database can store', () => {
  const nul = '\0';
  const someAlert = '/api/v1/alerts/00000000-0000-4000-8000-000000000000/transitions';
  it.each([
    ['/user', 'POST', '/api/v1/session', { user: `a${nul}b`, password: 'x' }],
    ['/password', 'POST', '/api/v1/session', { user: 'a', password: `x\ud800` }],
    [
      '/reason',
      'POST',
      someAlert,
      { id: '00000000-0000-4000-8000-000000000001', to: 'acknowledged', reason: `why${nul}` },
    ],
    ['/cursor', 'GET', '/api/v1/alerts?cursor=%00', undefined],
    ['/id', 'GET', '/api/v1/alerts/%00', undefined],
  ])('are refused at %s', async (path, method, url, body) => {
    const answer = await call(site.address + url, { method, headers: { cookie }, ...(body ? { body } : {}) });
    expect([answer.status, codeOf(answer), JSON.parse(answer.text).path]).toEqual([
      400,
      'api.text_unstorable',
      path,
    ]);
  });
});
