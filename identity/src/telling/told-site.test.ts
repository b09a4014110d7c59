import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GatewayPart, sitePartSchema } from '@watchpost/contracts/site';
import {
  announcementSchema,
  type Permit,
  permitSchema,
  type SignedAnnouncement,
} from '@watchpost/contracts/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAnnouncingKey } from './announcing-key.ts';
import { ToldSite } from './told-site.ts';
import { VersionFile } from './version-file.ts';

let folder: string;
let nowMs: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-told-'));
  nowMs = Date.UTC(2026, 10, 1);
});
afterEach(() => rmSync(folder, { recursive: true }));

const permit: Permit = { gallery: { digest: null, withdrawn: [] }, passes: { revoked: ['visit-1'] } };
const part = (gateway: string, zone = 'hall') =>
  ({
    ...{ site: 'demo', gateway, off: { shown: [], others: 0 }, hooks: undefined },
    ...{ zones: [{ id: zone, armed: [] }], timeZone: 'UTC' },
    passes: { issuers: [], audience: 'gate', countUses: true },
    devices: [{ kind: 'smoke', id: 's1', zone, profile: 'generic-smoke', connect: { driver: 'simulator' } }],
  }) as unknown as GatewayPart;
const toldSite = () =>
  new ToldSite('demo', {
    key: openAnnouncingKey(folder),
    versions: new VersionFile(join(folder, 'demo.versions.json')),
    nowMs: () => nowMs,
  });
/** What a gateway reads of it. */
function read(site: ToldSite, signed: SignedAnnouncement | undefined) {
  const bytes = Buffer.from(signed?.announcement ?? '', 'base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: site.key.publicKey }, format: 'jwk' });
  expect(verify(null, bytes, key, Buffer.from(signed?.signature ?? '', 'base64url'))).toBe(true);
  expect(signed?.kid).toBe(site.key.kid);
  return announcementSchema.parse(JSON.parse(bytes.toString()));
}

describe('what the gateways of a site are told', () => {
  it('is announced with the digest and size of what lies at the door', () => {
    const site = toldSite();
    expect(site.tell([part('g1'), part('g2')], () => permit)).toEqual({ changed: ['g1', 'g2'], gone: [] });
    for (const gateway of ['g1', 'g2']) {
      const announced = read(site, site.announceSite(gateway));
      const bytes = site.find(gateway, 'site')?.bytes ?? Buffer.alloc(0);
      expect(announced).toMatchObject({ kind: 'site', site: 'demo', gateway, size: bytes.byteLength });
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(announced.digest);
      const document = sitePartSchema.parse(JSON.parse(Buffer.from(bytes).toString()));
      expect(document).toMatchObject({ gateway, version: announced.version });
    }
    const permitted = site.find('g1', 'permit')?.bytes ?? [];
    expect(permitSchema.parse(JSON.parse(Buffer.from(permitted).toString()))).toEqual(permit);
  });
  it('keeps its version while it is the same, also over a restart, and only ever gets newer', () => {
    const site = toldSite();
    const versionOf = (from: ToldSite) => read(from, from.announceSite('g1')).version;
    site.tell([part('g1'), part('g2')], () => permit);
    const first = versionOf(site);
    expect(site.tell([part('g1'), part('g2', 'gate')], () => permit)).toEqual({ changed: ['g2'], gone: [] });
    expect(versionOf(site)).toBe(first);
    const later = toldSite();
    later.tell([part('g1')], () => permit);
    expect(versionOf(later)).toBe(first);
    nowMs -= 3_600_000;
    later.tell([part('g1', 'gate')], () => permit);
    expect(versionOf(later)).toBe(first + 1);
    rmSync(join(folder, 'demo.versions.json'));
    nowMs += 2 * 3_600_000;
    const withoutFile = toldSite();
    withoutFile.tell([part('g1')], () => permit);
    expect(versionOf(withoutFile)).toBeGreaterThan(first + 1);
  });
  it('ends for gateways that the site no longer lists', () => {
    const site = toldSite();
    site.tell([part('g1'), part('g2')], () => permit);
    expect(site.tell([part('g1')], () => permit)).toEqual({ changed: [], gone: ['g2'] });
    expect([site.find('g2', 'site'), site.announceSite('g2'), site.announcePermit('g2', 1)]).toEqual(
      Array(3).fill(undefined),
    );
  });
  it('a permit that stays the same is renewed without another document', () => {
    const site = toldSite();
    site.tell([part('g1')], () => permit);
    const before = read(site, site.announcePermit('g1', 60_000));
    nowMs -= 20_000;
    const after = read(site, site.announcePermit('g1', 60_000));
    expect(after.digest).toBe(before.digest);
    expect(after.version).toBeGreaterThan(before.version);
    expect(after).toMatchObject({
      issued: new Date(nowMs).toISOString(),
      expires: new Date(nowMs + 60_000).toISOString(),
    });
  });
});

it('the key is made once, for its owner only', () => {
  const first = openAnnouncingKey(folder);
  expect(statSync(join(folder, 'announce.key')).mode & 0o777).toBe(0o600);
  expect(openAnnouncingKey(folder).publicKey).toBe(first.publicKey);
  expect(readFileSync(join(folder, 'announce.key'), 'utf8')).not.toContain(first.publicKey);
});
