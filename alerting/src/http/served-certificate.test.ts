import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeWebRoot, renewWebCertificate, webFolder } from '@watchpost/identity/web';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpSite } from '../testing/http-site.ts';
import { PublicAddress } from './public-address.ts';
import { ServedCertificate } from './served-certificate.ts';
import { buildServers, type Servers } from './server.ts';

const dayMs = 86_400_000;
const names = ['watch.example', 'localhost', '127.0.0.1'];
const folder = mkdtempSync(join(tmpdir(), 'served-'));
const files = webFolder(folder);
const clock = { nowMs: Date.now() };
let site: HttpSite;
let certificate: ServedCertificate;
let servers: Servers;

beforeAll(async () => {
  await makeWebRoot(folder, names, clock.nowMs);
  await renewWebCertificate(folder, names, clock.nowMs);
  site = await HttpSite.open();
  certificate = await ServedCertificate.open(
    { certFile: files.server, keyFile: files.server, rootFile: files.root },
    { logger: pino({ level: 'silent' }), nowMs: () => clock.nowMs },
  );
  const address = new PublicAddress({ isTls: true, names: ['watch.example'] });
  servers = await buildServers({ ...site.options(), address, certificate });
  await servers.flows?.listen({ host: '127.0.0.1', port: 0 });
  await servers.console.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await servers?.console.close();
  await servers?.flows?.close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
  readonly fingerprint: string | undefined;
}

/** What a browser that installed the root gets when it calls the server by this name. */
function ask(
  path: string,
  name = 'watch.example',
  options: { method?: string; body?: string } = {},
): Promise<Answer> {
  const { port } = servers.console.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const call = request(
      {
        ...{ host: '127.0.0.1', port, path, method: options.method ?? 'GET', agent: false },
        ...{ servername: 'watch.example', ca: readFileSync(files.root) },
        headers: { host: `${name}:${port}`, ...(options.body ? { 'content-type': 'application/json' } : {}) },
      },
      (answer) => {
        const peer =
          'getPeerCertificate' in answer.socket ? (answer.socket as import('node:tls').TLSSocket) : undefined;
        const fingerprint = peer?.getPeerCertificate().fingerprint256;
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () =>
          resolve({
            status: answer.statusCode,
            headers: answer.headers,
            body: Buffer.concat(chunks),
            fingerprint,
          }),
        );
      },
    );
    call.on('error', reject).end(options.body);
  });
}

describe('console and API over HTTPS', () => {
  it('answer under the server’s names, and under no other', async () => {
    expect((await ask('/healthz')).status).toBe(200);
    expect((await ask('/api/v1/session')).status).toBe(401);
    expect((await ask('/api/v1/session', 'evil.example')).status).toBe(421);
  });
  it('give the root to whoever wants to install it, as DER', async () => {
    const { status, headers, body } = await ask('/ca.crt');
    expect([status, headers['content-type']]).toEqual([200, 'application/x-x509-ca-cert']);
    expect(new X509Certificate(body).ca).toBe(true);
    expect(body).toEqual(new X509Certificate(readFileSync(files.root)).raw);
    expect((await site.ask('GET', '/ca.crt')).statusCode).toBe(404);
  });
  it('take passwords, and set cookies that never travel in the clear', async () => {
    const body = JSON.stringify({ user: 'officer', password: 'a password for tests' });
    const answer = await ask('/api/v1/session', 'watch.example', { method: 'POST', body });
    expect(answer.status).toBe(200);
    for (const cookie of answer.headers['set-cookie'] as string[])
      expect(cookie).toMatch(/^__\w+-.*; Secure/);
  });
  it('send a browser that goes to Node-RED by HTTPS too', async () => {
    const answer = await ask('/flows/');
    expect(answer.headers.location ?? '').not.toMatch(/^http:/);
  });
});

describe('a renewed certificate', () => {
  it('is served without a restart; one that cannot be used is told, and the one before stays', async () => {
    const before = (await ask('/healthz')).fingerprint;
    const good = readFileSync(files.server);
    writeFileSync(files.server, 'half of a certificate');
    await certificate.look();
    expect(certificate.health()).toMatchObject({ status: 'degraded', error: 'tls.certificate_unusable' });
    expect((await ask('/healthz')).fingerprint).toBe(before);
    rmSync(files.server);
    await renewWebCertificate(folder, names, clock.nowMs);
    await certificate.look();
    expect(certificate.health()).toMatchObject({ status: 'ok' });
    const after = (await ask('/healthz')).fingerprint;
    expect(after).toMatch(/^[0-9A-F:]+$/);
    expect(after).not.toBe(before);
    expect(readFileSync(files.server)).not.toEqual(good);
  });
  it('that does not come is told in time', () => {
    const began = clock.nowMs;
    clock.nowMs = began + 390 * dayMs;
    expect(certificate.health()).toMatchObject({ status: 'degraded', error: 'tls.certificate_ends' });
    clock.nowMs = began + 398 * dayMs;
    expect(certificate.health()).toMatchObject({ status: 'down', error: 'tls.certificate_expired' });
    clock.nowMs = began;
  });
});
