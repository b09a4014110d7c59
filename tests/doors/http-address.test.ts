import { request as ask, createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DoorSite } from '../support/door-site.ts';
import { call, codeOf, cookiesOf } from '../support/http-caller.ts';

/** A reverse proxy that sets Host to where it sends requests, as many do, and says who asked and how. */
async function reverseProxy(target: () => number): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    const headers = {
      ...incoming.headers,
      host: `127.0.0.1:${target()}`,
      'x-forwarded-for': '198.51.100.9',
      'x-forwarded-proto': 'https',
    };
    const { method = 'GET', url = '/' } = incoming;
    const onward = ask({ port: target(), method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe('a page that rebinds its name to this computer', () => {
  const site = new DoorSite();
  beforeAll(() => site.start());
  afterAll(() => site.stop());

  it.each([
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '192.0.2.1',
    'a@127.0.0.1',
  ])('is refused under the name %s, whatever it asks for', async (host) => {
    const cookie = await site.cookie('admin');
    for (const path of [
      '/',
      '/api/v1/alerts',
      '/api/v1/stream',
      '/api/v1/openapi.json',
      '/flows/enter?state=0123456789abcdef',
    ]) {
      const answer = await call(site.address + path, { headers: { host, cookie } });
      expect([path, answer.status, codeOf(answer)]).toEqual([path, 421, 'api.unknown_host']);
    }
    expect(codeOf(await site.logIn('officer', undefined, { headers: { host } }))).toBe('api.unknown_host');
  });

  it('is refused without a name', async () => {
    // Node's client fills an empty name in.
    const socket = connect(site.port, '127.0.0.1');
    socket.write('GET /api/v1/alerts HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 421 /);
    expect(answer).toContain('api.unknown_host');
  });

  it('loopback’s own names are served', async () => {
    for (const host of ['localhost', '127.0.0.1', `localhost:${site.port}`, '[::1]:8080', '127.0.0.9'])
      expect([host, (await site.logIn('officer', undefined, { headers: { host } })).status]).toEqual([
        host,
        200,
      ]);
  });
});

describe('behind a reverse proxy with HTTPS that sets Host', () => {
  const publicUrl = 'https://watch.example';
  const site = new DoorSite({ http: { publicUrl, trustedProxies: ['127.0.0.1'] } });
  let proxy: Server;
  let through: string;
  beforeAll(async () => {
    await site.start();
    proxy = await reverseProxy(() => site.port);
    through = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    proxy?.close();
    await site.stop();
  });
  const logIn = (origin: string) =>
    call(`${through}/api/v1/session`, {
      method: 'POST',
      headers: { origin, 'sec-fetch-site': 'same-origin' },
      body: { user: 'officer', password: 'a password of this test' },
    });

  it('the console’s own pages log in, with a cookie that is this host’s alone', async () => {
    const answer = await logIn(publicUrl);
    expect(answer.status).toBe(200);
    const [session = '', device = ''] = answer.headers['set-cookie'] ?? [];
    expect(session).toMatch(/^__Host-wp_session_443=.*; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    expect(device).toMatch(
      /^__Secure-wp_known_.*; Path=\/api\/v1\/session; HttpOnly; Secure; SameSite=Strict$/,
    );
    const cookie = cookiesOf(answer);
    expect((await call(`${through}/api/v1/alerts`, { headers: { cookie } })).status).toBe(200);
  });

  it.each(['http://watch.example', 'https://watch.example:8443', 'https://evil.example', 'null'])(
    'pages of %s do not',
    async (origin) => {
      expect(codeOf(await logIn(origin))).toBe('api.cross_site');
    },
  );
});

describe('plain HTTP beyond loopback', () => {
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address;

  it('is not even listened on, unless somebody answers for it', async () => {
    const site = new DoorSite({ http: { host: '0.0.0.0' } });
    await expect(site.start()).rejects.toMatchObject({
      code: 'config.plain_credentials',
      path: '/http/host',
    });
    await site.stop();
  });

  it('takes no credentials that came past the proxy; insecure, it does', async () => {
    // Without a network there is no other computer either; the address of the request is then what the proxy
    // says.
    const host = outside ?? '127.0.0.1';
    const behind = { host: '0.0.0.0', publicUrl: 'https://watch.example', trustedProxies: ['127.0.0.1'] };
    const site = await new DoorSite({ http: behind }).start();
    const past = (headers: Record<string, string>) =>
      call(`http://127.0.0.1:${site.port}/api/v1/session`, {
        method: 'POST',
        body: { user: 'officer', password: 'a password of this test' },
        headers: { 'x-forwarded-for': '198.51.100.9', ...headers },
      });
    expect(codeOf(await past({ 'x-forwarded-proto': 'http' }))).toBe('api.insecure_transport');
    expect((await past({ 'x-forwarded-proto': 'https' })).status).toBe(200);
    const direct = await call(`http://${host}:${site.port}/api/v1/alerts`, {
      headers: { cookie: 'x=y', ...(outside ? {} : { 'x-forwarded-for': '198.51.100.9' }) },
    });
    expect(codeOf(direct)).toBe('api.insecure_transport');
    await site.stop();
    const open = await new DoorSite({ http: { host: '0.0.0.0', insecure: true } }).start();
    const answer = await call(`http://${host}:${open.port}/api/v1/session`, {
      method: 'POST',
      body: { user: 'officer', password: 'a password of this test' },
    });
    expect(answer.status).toBe(200);
    await open.stop();
  });
});

it('a closed site leaves no listener', async () => {
  const site = await new DoorSite().start();
  const { port } = site;
  await site.stop();
  await expect(
    new Promise((resolve, reject) => connect(port, '127.0.0.1').on('connect', resolve).on('error', reject)),
  ).rejects.toThrow('ECONNREFUSED');
});
