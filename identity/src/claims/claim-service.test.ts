import { createHash, X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseClaimCode } from '@watchpost/contracts/wire';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { issueServerCertificate } from '../authority/authority-folder.ts';
import { plainSerial } from '../authority/gateway-certificate.ts';
import { readRevocations } from '../revocations/revocation-file.ts';
import { Revocations } from '../revocations/revocations.ts';
import { readmit, revoke } from '../revocations/revoke.ts';
import { ask, type Keyed, newRequest, TestSite } from '../testing/test-site.ts';
import { type ClaimService, startClaimService } from './claim-service.ts';
import { inviteGateway } from './invite.ts';

const minute = 60_000;
let site: TestSite;
let service: ClaimService;
let log: string;
let clockMs: number;

beforeEach(async () => {
  site = await TestSite.create();
  log = '';
  clockMs = Date.now();
  await start();
});
afterEach(async () => {
  await service.stop();
  await site.remove();
});

async function start(perMinute = 1000): Promise<void> {
  const write = (line: string): void => {
    log += line;
  };
  service = await startClaimService({
    folder: site.folder,
    host: '127.0.0.1',
    port: 0,
    perMinute,
    logger: pino({}, { write }),
    nowMs: () => clockMs,
  });
}

const invite = async (gateway = 'gw1', lifeMs = 30 * minute) =>
  parseClaimCode(await inviteGateway(site.folder, gateway, lifeMs, clockMs));
type Code = Awaited<ReturnType<typeof invite>>;
const claim = ({ id, secret }: Code, request: string) =>
  ask(service, '/claim', { ca: site.ca, body: { id, secret, request } });
const renew = (request: string, identity?: Keyed) =>
  ask(service, '/renew', { ca: site.ca, body: { request }, ...(identity ? { identity } : {}) });
const otherSecret = (code: Code): Code => ({
  ...code,
  secret: code.secret.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')),
});
const faults = () =>
  log
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => (JSON.parse(line).msg === 'certificate refused' ? [JSON.parse(line).fault] : []));
const metricLine = async (line: string) =>
  (await service.metrics()).split('\n').find((found) => found.startsWith(line));

describe('a claim code', () => {
  test('gives a certificate for the gateway’s own key, which names gateway and site', async () => {
    const { request, key } = await newRequest('gw1');
    const { status, body } = await claim(await invite(), request);
    expect(status).toBe(200);
    const certificate = new X509Certificate(body.certificate ?? '');
    expect(certificate.subject).toBe('CN=gw1');
    expect(certificate.subjectAltName).toBe('URI:watchpost://demo/gateways/gw1');
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(certificate.ca).toBe(false);
    expect(certificate.verify(new X509Certificate(site.ca).publicKey)).toBe(true);
    expect(certificate.validToDate.getTime() - clockMs).toBeLessThanOrEqual(90 * 24 * 60 * minute);
    expect(
      (await renew((await newRequest('gw1')).request, { cert: body.certificate ?? '', key })).status,
    ).toBe(200);
    expect(await metricLine('watchpost_claims_issued_total{action="claim"}')).toMatch(/ 1$/);
  });

  test('pins the authority that the service shows', async () => {
    const { text } = await ask(service, '/ca', { ca: site.ca });
    const digest = createHash('sha256').update(new X509Certificate(text).raw).digest('base64url');
    expect((await invite()).authority).toBe(digest);
  });

  test('is kept nowhere, and neither is it in the log', async () => {
    const code = await invite();
    await claim(otherSecret(code), (await newRequest('gw1')).request);
    await claim(code, (await newRequest('gw1')).request);
    const files = await Promise.all(
      (await readdir(site.folder)).map((name) => readFile(join(site.folder, name))),
    );
    const everything = Buffer.concat([...files, Buffer.from(log)]);
    expect(everything.includes(code.id)).toBe(true); // so what is looked for would be found
    for (const form of ['base64url', 'hex', 'base64', 'binary'] as const)
      expect(everything.includes(Buffer.from(code.secret, 'base64url').toString(form), 0, 'binary')).toBe(
        false,
      );
  });

  test('that is wrong, unknown, expired or used gets one and the same answer', async () => {
    const { request } = await newRequest('gw1');
    const [used, late, good] = [await invite('gw1'), await invite('gw2', minute), await invite('gw3')];
    await claim(used, request);
    clockMs += minute;
    const answers = [
      await claim(otherSecret(good), request),
      await claim({ ...good, id: 'AAAAAAAAAAA' }, request),
      await claim(late, request),
      await claim(used, (await newRequest('gw1')).request),
    ];
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 403, body: { code: 'identity.claim_refused' } });
    expect(faults()).toEqual(['secret', 'unknown', 'expired', 'used']);
  });

  test('gives the same certificate again to the same key, until it expires, and then no more', async () => {
    const code = await invite();
    const { request } = await newRequest('gw1');
    const first = await claim(code, request);
    expect((await claim(code, request)).body).toEqual(first.body);
    expect(log).toContain('"repeated":true');
    clockMs += 30 * minute;
    expect((await claim(code, request)).status).toBe(403);
  });

  test('serves one key, however many come at once', async () => {
    const code = await invite();
    const requests = await Promise.all(Array.from({ length: 8 }, () => newRequest('gw1')));
    const twice = [...requests, ...requests];
    const answers = await Promise.all(twice.map(({ request }) => claim(code, request)));
    const good = answers.filter(({ status }) => status === 200);
    expect(good).toHaveLength(2);
    expect(new Set(good.map(({ body }) => body.certificate)).size).toBe(1);
  });

  test('ends after ten wrong secrets, and guessing at another id does not touch it', async () => {
    const { request } = await newRequest('gw1');
    const [code, other] = [await invite('gw1'), await invite('gw2')];
    for (let turn = 0; turn < 20; turn++) await claim({ ...otherSecret(code), id: 'AAAAAAAAAAA' }, request);
    for (let turn = 0; turn < 9; turn++) await claim(otherSecret(code), request);
    for (let turn = 0; turn < 10; turn++) await claim(otherSecret(other), request);
    expect((await claim(code, request)).status).toBe(200);
    expect((await claim(other, (await newRequest('gw2')).request)).status).toBe(403);
  });

  test('ends when a new one is made for the gateway, and when the gateway is revoked', async () => {
    const { request } = await newRequest('gw1');
    const [old, fresh] = [await invite(), await invite()];
    expect((await claim(old, request)).status).toBe(403);
    await revoke(site.folder, { gateway: 'gw1' }, clockMs);
    expect((await claim(fresh, request)).status).toBe(403);
    await expect(invite()).rejects.toMatchObject({ code: 'identity.revoked' });
    expect(await readmit(site.folder, 'gw1', clockMs)).toBe(true);
    await invite();
  });
});

describe('a certificate request', () => {
  const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]) };
  test('that is not for this gateway, or not of a P-256 key, or not signed by it, is refused and uses nothing up', async () => {
    const code = await invite();
    const { request } = await newRequest('gw1');
    const middle = request.length >> 1;
    const flipped = `${request.slice(0, middle)}${request[middle] === 'A' ? 'B' : 'A'}${request.slice(middle + 1)}`;
    const bad = {
      name: (await newRequest('gw2')).request,
      name2: (await newRequest('gw1, O=park')).request,
      key: (await newRequest('gw1', { name: 'ECDSA', namedCurve: 'P-384' })).request,
      key2: (await newRequest('gw1', { name: 'Ed25519' })).request,
      key3: (await newRequest('gw1', { ...rsa, modulusLength: 1024 })).request,
      key4: (await newRequest('gw1', { ...rsa, modulusLength: 2048 })).request,
      not_pem: 'MIHIMHACAQAwDjEM',
      not_pem2: site.ca,
      not_pem3: `${request}${request}`,
    };
    for (const [name, text] of Object.entries(bad)) {
      expect(await claim(code, text), name).toMatchObject({
        status: 422,
        body: { code: 'identity.request_refused' },
      });
      expect(faults().at(-1)).toBe(name.replace(/\d$/, ''));
    }
    expect((await claim(code, flipped)).status).toBe(422);
    expect((await claim(code, request)).status).toBe(200);
  });

  test('is not even looked at when the code is wrong', async () => {
    expect((await claim(otherSecret(await invite()), 'nonsense')).body.code).toBe('identity.claim_refused');
  });
});

describe('a renewal', () => {
  test('needs a certificate of this authority that is neither expired nor revoked, and keeps the name', async () => {
    const gateway = await site.gateway('gw1');
    const stranger = await TestSite.create();
    const { request } = await newRequest('gw1');
    const refused = async (identity: Keyed | undefined, fault: string, text = request) => {
      expect((await renew(text, identity)).status, fault).toBeGreaterThanOrEqual(400);
      expect(faults().at(-1)).toBe(fault);
    };
    await refused(undefined, 'no_certificate');
    await refused(await stranger.gateway('gw1'), 'no_certificate');
    await stranger.remove();
    await refused(gateway, 'name', (await newRequest('gw2')).request);
    const key = await readFile(site.files.key, 'utf8');
    await refused(await site.crafted(key, { uri: 'watchpost://other/gateways/gw1' }), 'site');
    const renewed = await renew(request, gateway);
    expect(new X509Certificate(renewed.body.certificate ?? '').subject).toBe('CN=gw1');
    clockMs += 24 * 60 * minute + 2000;
    await refused(gateway, 'expired');
  });

  test.each(['serial', 'gateway'] as const)('of a revoked %s is refused within seconds', async (what) => {
    const gateway = await site.gateway('gw1');
    const { request } = await newRequest('gw1');
    expect((await renew(request, gateway)).status).toBe(200);
    await revoke(site.folder, what === 'serial' ? { serial: gateway.serial } : { gateway: 'gw1' }, clockMs);
    await vi.waitUntil(() => log.includes('revocations read'), 30_000);
    expect((await renew(request, gateway)).status).toBe(403);
    expect(faults().at(-1)).toBe('revoked');
  });

  test('of a stolen key does not outlive the certificate that it was made with', async () => {
    const first = await newRequest('gw1');
    const parent = {
      cert: (await claim(await invite(), first.request)).body.certificate ?? '',
      key: first.key,
    };
    const thief = await newRequest('gw1');
    const stolen = { cert: (await renew(thief.request, parent)).body.certificate ?? '', key: thief.key };
    const again = await newRequest('gw1');
    const grandchild = { cert: (await renew(again.request, stolen)).body.certificate ?? '', key: again.key };
    const serials = [parent, stolen, grandchild].map(({ cert }) => new X509Certificate(cert).serialNumber);
    const revoked = await revoke(site.folder, { serial: serials[0] ?? '' }, clockMs);
    expect(revoked.map(plainSerial).toSorted()).toEqual(serials.map(plainSerial).toSorted());
    // at once, not when the file has been read again
    for (const identity of [parent, stolen, grandchild]) {
      expect((await renew(thief.request, identity)).status).toBe(403);
      expect(faults().at(-1)).toBe('revoked');
    }
    const list = new Revocations(await readRevocations(site.files.revocations));
    for (const serial of serials) expect(list.hasSerial(serial)).toBe(true);
  });

  test('of a certificate that is not on record is found too', async () => {
    const gateway = await site.gateway('gw1');
    const { request } = await newRequest('gw1');
    const renewed = new X509Certificate((await renew(request, gateway)).body.certificate ?? '');
    await revoke(site.folder, { serial: gateway.serial }, clockMs);
    const list = new Revocations(await readRevocations(site.files.revocations));
    expect([gateway.serial, renewed.serialNumber].map((serial) => list.hasSerial(serial))).toEqual([
      true,
      true,
    ]);
  });

  test('in a register of before, without parents on record, counts as one of every earlier certificate', async () => {
    const first = await newRequest('gw1');
    const parent = {
      cert: (await claim(await invite(), first.request)).body.certificate ?? '',
      key: first.key,
    };
    const renewed = new X509Certificate(
      (await renew((await newRequest('gw1')).request, parent)).body.certificate ?? '',
    );
    await service.stop();
    const register = new DatabaseSync(site.files.register);
    register.exec(
      'ALTER TABLE certificate DROP COLUMN parent; ALTER TABLE certificate DROP COLUMN key_sha256',
    );
    register.close();
    await start();
    const revoked = await revoke(
      site.folder,
      { serial: new X509Certificate(parent.cert).serialNumber },
      clockMs,
    );
    expect(revoked.map(plainSerial)).toContain(plainSerial(renewed.serialNumber));
  });

  test('comes at most twenty times a day', async () => {
    const gateway = await site.gateway('gw1');
    const { request } = await newRequest('gw1');
    for (let turn = 0; turn < 20; turn++) expect((await renew(request, gateway)).status).toBe(200);
    expect(await renew(request, gateway)).toMatchObject({
      status: 429,
      body: { code: 'identity.too_many_requests' },
    });
    expect((await renew((await newRequest('gw2')).request, await site.gateway('gw2'))).status).toBe(200);
  });
});

describe('the service', () => {
  test('answers one address only so often', async () => {
    await service.stop();
    await start(5);
    const code = await invite();
    const { request } = await newRequest('gw1');
    for (let turn = 0; turn < 5; turn++) expect((await claim(otherSecret(code), request)).status).toBe(403);
    expect(await claim(code, request)).toMatchObject({
      status: 429,
      body: { code: 'identity.too_many_requests' },
    });
    expect(
      await metricLine('watchpost_claims_refused_total{action="claim",code="identity.too_many_requests"}'),
    ).toMatch(/ 1$/);
  });

  test.each<[string, unknown, number]>([
    ['not JSON', '{"id":', 400],
    ['another shape', { id: 1 }, 400],
    ['a field too many', { id: 'AAAAAAAAAAA', secret: 'A'.repeat(27), request: 'x', gateway: 'gw1' }, 400],
    ['too large', { request: 'x'.repeat(20_000) }, 413],
    ['nothing', '', 400],
  ])('refuses a body that is %s, with a code', async (_name, body, status) => {
    const answer = await ask(service, '/claim', { ca: site.ca, body });
    expect(answer.status).toBe(status);
    expect(answer.body.code).toMatch(/^(api\.invalid|wire\.too_large)$/);
    expect((await ask(service, '/claim', { ca: site.ca })).status).toBe(404);
  });

  test('uses a new server certificate after a reload', async () => {
    const before = await ask(service, '/ca', { ca: site.ca });
    await issueServerCertificate(site.folder, ['localhost'], minute, Date.now());
    await service.reload();
    expect(await ask(service, '/ca', { ca: site.ca })).toEqual(before);
    expect(log).toContain('certificates read again');
  });
});
