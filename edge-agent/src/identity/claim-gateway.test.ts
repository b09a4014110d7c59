import { createPublicKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Behaviour, TestAuthority } from '../testing/test-authority.ts';
import { claimGateway, identityFiles, renewGateway } from './claim-gateway.ts';
import { checkName, readIdentity } from './identity-file.ts';
import { Pkcs10CertificateRequest } from './x509.ts';

let authority: TestAuthority;
let folder: string;
let into: string;

beforeEach(async () => {
  authority = await TestAuthority.create();
  await authority.start();
  folder = mkdtempSync(join(tmpdir(), 'watchpost-claim-'));
  into = join(folder, 'gw1');
});
afterEach(async () => {
  await authority.stop();
  rmSync(folder, { recursive: true });
});

const keyIn = (request: string) =>
  Buffer.from(new Pkcs10CertificateRequest(request).publicKey.rawData).toString('hex');
const keyOf = (pem: string) => createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('hex');

describe('a claim', () => {
  it('leaves key and certificate in one file that only its owner can read, and nothing else but the authority’s certificate', async () => {
    const claimed = await claimGateway(authority.codeFor('gw1'), authority.url, into);
    expect(claimed).toMatchObject({ site: 'demo', gateway: 'gw1', files: identityFiles(into) });
    expect(readdirSync(into).toSorted()).toEqual(['ca.pem', 'gateway.pem']);
    expect(statSync(claimed.files.gateway).mode & 0o777).toBe(0o600);
    const identity = readIdentity(claimed.files.gateway);
    expect(new X509Certificate(identity.certificate).subject).toBe('CN=gw1');
    expect(keyIn(authority.asked[0]?.body.request ?? '')).toBe(keyOf(identity.key));
    expect(JSON.stringify(authority.asked)).not.toContain('PRIVATE');
  });

  it('tells its code to nobody but a server of the authority that the code names', async () => {
    const stranger = await TestAuthority.create();
    await stranger.start();
    const code = authority.codeFor('gw1');
    await expect(claimGateway(code, stranger.url, into)).rejects.toMatchObject({
      code: 'identity.authority_mismatch',
    });
    expect(stranger.asked).toEqual([]);
    await stranger.stop();
    expect(existsSync(join(into, 'gateway.pem'))).toBe(false);
  });

  it('goes on with the same key when the answer was lost', async () => {
    const code = authority.codeFor('gw1');
    authority.behaviour = 'lose_answer';
    await expect(claimGateway(code, authority.url, into)).rejects.toMatchObject({
      code: 'identity.service_unreachable',
    });
    expect(statSync(join(into, 'gateway.key.new')).mode & 0o777).toBe(0o600);
    authority.behaviour = 'certify';
    await claimGateway(code, authority.url, into);
    const [first, second] = authority.asked.map(({ body }) => keyIn(body.request ?? ''));
    expect(second).toBe(first);
    expect(readdirSync(into).toSorted()).toEqual(['ca.pem', 'gateway.pem']);
  });

  it.each<[Behaviour, string]>([
    ['other_key', 'identity.service_unreachable'],
    ['other_authority', 'identity.service_unreachable'],
    ['other_name', 'identity.service_unreachable'],
    ['garbage', 'identity.service_unreachable'],
    ['flood', 'identity.service_unreachable'],
    ['refuse', 'identity.claim_refused'],
  ])('keeps nothing when the service does this: %s', async (behaviour, code) => {
    authority.behaviour = behaviour;
    await expect(claimGateway(authority.codeFor('gw1'), authority.url, into)).rejects.toMatchObject({ code });
    expect(existsSync(join(into, 'gateway.pem'))).toBe(false);
  });

  it('leaves an identity that is there alone', async () => {
    const { files } = await claimGateway(authority.codeFor('gw1'), authority.url, into);
    const before = readFileSync(files.gateway, 'utf8');
    await expect(claimGateway(authority.codeFor('gw2'), authority.url, into)).rejects.toMatchObject({
      code: 'config.data_folder',
    });
    expect(readFileSync(files.gateway, 'utf8')).toBe(before);
  });

  it('says when nobody answers', async () => {
    const { url } = authority;
    await authority.stop();
    const failing = claimGateway(authority.codeFor('gw1'), url, into);
    await expect(failing).rejects.toMatchObject({
      code: 'identity.service_unreachable',
      details: { found: 'ECONNREFUSED' },
    });
    await authority.start();
  });
});

it('another gateway’s certificate is noticed before it is used', async () => {
  const { files } = await claimGateway(authority.codeFor('gw1'), authority.url, into);
  const identity = readIdentity(files.gateway);
  checkName(identity, 'demo', 'gw1');
  for (const [site, gateway] of [
    ['demo', 'gw2'],
    ['park', 'gw1'],
  ] as const)
    expect(() => checkName(identity, site, gateway)).toThrow(
      expect.objectContaining({ code: 'config.invalid' }),
    );
});

describe('a renewal', () => {
  it('comes with the old certificate and brings a new key', async () => {
    const { files } = await claimGateway(authority.codeFor('gw1'), authority.url, into);
    const old = readIdentity(files.gateway);
    await renewGateway(files, authority.url);
    const fresh = readIdentity(files.gateway);
    expect(authority.asked[1]).toMatchObject({ path: '/renew', by: 'gw1' });
    expect(keyOf(fresh.key)).not.toBe(keyOf(old.key));
    expect(fresh.serial).not.toBe(old.serial);
    expect(statSync(files.gateway).mode & 0o777).toBe(0o600);
    expect(readdirSync(into).toSorted()).toEqual(['ca.pem', 'gateway.pem']);
  });

  it.each<Behaviour>(['other_key', 'other_authority', 'other_name', 'lose_answer', 'refuse'])(
    'leaves the old one when the service does this: %s',
    async (behaviour) => {
      const { files } = await claimGateway(authority.codeFor('gw1'), authority.url, into);
      const before = readFileSync(files.gateway, 'utf8');
      authority.behaviour = behaviour;
      await expect(renewGateway(files, authority.url)).rejects.toHaveProperty('code');
      expect(readFileSync(files.gateway, 'utf8')).toBe(before);
    },
  );
});
